using CsCheck;
using Gatehouse.Config.Comparing;
using Gatehouse.Config.Writing;

namespace Gatehouse.Config.Tests;

public sealed class PrinterTests
{
    private static readonly HashSet<string> NoSecrets = [];

    [Fact]
    public void The_effective_configuration_has_every_default_and_no_secret() =>
        Vectors.AssertRecorded(
            "effective.yaml",
            EffectivePrinter.Print(
                Fakes.Read(
                    """
                    listen: ["127.0.0.1:80", "unix:web.sock proxy-protocol"]
                    trust: 10.0.0.0/8
                    sites:
                      - hosts: [Shop.Example.com, "*.bücher.example"]
                        tls: {cert: a.pem, key: /etc/b.pem}
                        compress: on
                        auth: {password: correct horse, pin: 7}
                        routes:
                          - match: {path: /api/*, method: [GET, POST], header: {X-Beta: "1", "X-Y": "*"}}
                            mark: {}
                            proxy: {to: ["127.0.0.1:1", {address: "unix:app.sock", weight: 3}], retry: {tries: 2, on: connect}}
                          - respond: "two\nlines, \"$${NAME}\" and null"
                    dns: {local: {a.test: 192.0.2.1}}
                    """),
                NoSecrets));

    [Fact]
    public void Any_text_reads_as_itself()
        => Gen.OneOf(Gen.String, Gen.Char["${}:#'\"\\\n\t -~&*"].Array[0, 20].Select(characters => new string(characters))).Where(IsUnicode).Sample(
            text =>
            {
                var config = Fakes.Read("sites: [{routes: [{respond: x}]}]");
                var route = config.Sites[0].Routes[0];
                var site = config.Sites[0] with { Routes = [route with { Handler = route.Handler with { Config = new Fakes.RespondConfig { Body = text } } }] };
                AssertReadsAgain(config with { Sites = [site] });
            },
            iter: 500);

    internal static void AssertReadsAgain(ServerConfig config)
    {
        var printed = EffectivePrinter.Print(config with { Sites = [.. config.Sites.Select(WithoutSecrets)] }, NoSecrets);
        var again = Fakes.Loader().LoadText(printed, "/elsewhere/printed.yaml");
        Assert.Empty(again.Faults);
        Assert.True(ConfigEquality.Equals(config with { Sites = [.. config.Sites.Select(WithoutSecrets)] }, again.Config), printed);
    }

    private static SiteConfig WithoutSecrets(SiteConfig site) => site with
    {
        Wrappers = [.. site.Wrappers.Where(use => use.Feature.Key != "auth")],
        Routes = [.. site.Routes.Select(route => route with { Wrappers = [.. route.Wrappers.Where(use => use.Feature.Key != "auth")] })],
    };

    // Lone surrogates are no text in UTF-8; the others are what YAML 1.2 section 5.1 leaves unprintable and escapes carry.
    private static bool IsUnicode(string text) => !text.Any(char.IsSurrogate);
}
