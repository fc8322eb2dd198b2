namespace Gatehouse.Interop.Tests.Limits;

/// <summary>The number of reactors is a setting, and nothing depends on the number of cores.</summary>
public sealed class ManyReactorsTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("24")]
    public void Any_number_of_reactors_serves(string reactors)
    {
        using var upstream = ScriptedUpstream.Answering(request => Answer.Ok("proxied"));
        using var served = Served.Start(
            $$$"""
            reactors: {{{reactors}}}
            sites:
              - routes:
                  - {match: /files/*, files: {root: public, strip: /files}}
                  - {match: /*, proxy: {to: ["{{{upstream.Address}}}"]}}
            """,
            folder => folder.Write("public/a.txt", "a file"));
        // Connections spread over the reactors by the kernel's hash.
        for (var i = 0; i < 150; i++)
        {
            Assert.Equal("a file", served.Get("/files/a.txt").Text);
            Assert.Equal("proxied", served.Get("/").Text);
        }
    }
}
