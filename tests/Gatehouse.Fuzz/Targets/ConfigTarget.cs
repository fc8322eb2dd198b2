using System.Text;
using Gatehouse.Config;
using Gatehouse.Edge.Routing;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Configurations with every feature of Edge: any text gives a configuration or faults with places, and never an exception.</summary>
internal sealed class ConfigTarget : IFuzzTarget
{
    private const string FileName = "/nonexistent/gatehouse.yaml";

    private static readonly ConfigLoader Loader = new(new ConfigCatalog(EdgeFeatures(), []), name => name == "NAME" ? "value" : null);

    public string Name => "config";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of(
        """
        version: 1
        listen: [":8080", ":8443 tls"]
        trust: [10.0.0.0/8]
        sites:
          - hosts: [shop.example.com, "*.shop.example.com"]
            routes:
              - match: /static/*
                files: {root: ./public, browse: off}
              - match: {path: /api/*, method: [GET, POST], header: {X-Beta: "1"}}
                proxy:
                  to: ["127.0.0.1:9001", {address: "127.0.0.1:9002", weight: 3}]
                  balance: least-requests
        """,
        """
        sites:
          - routes:
              - {match: /old/*, redirect: {to: /new/, status: 308}}
              - {match: /*, respond: {status: 200, body: "hello ${NAME}"}}
            limits: {body: 10MB, rate: "100/s per ip"}
            compress: on
        """,
        "a: &x {b: 1}\nc: *x\nd: [*x, *x]\n<<: *x\n", "sits: []\n", "admin: {listen: \"127.0.0.1:9180\"}\nstate: ./state\n",
        "listen: ${NAME:default}\ninclude: sites/*.yaml\n", "--- |\n a\n...\n", "? [a, b]\n: !!str 1\n", "\"\\u0000\": '\n")
        .Concat(VectorFiles.Of("Gatehouse.Config.Tests/Vectors", "*.yaml"));

    public void Run(ReadOnlySpan<byte> input)
    {
        var result = Loader.LoadText(Encoding.UTF8.GetString(input), FileName);
        Claim.That(result.Config is null == result.Faults.Count > 0, $"a configuration or faults; found {result.Faults.Count} faults");
        foreach (var fault in result.Faults)
            Claim.That(fault.Message.Length > 0 && fault.Mark.Line >= 1 && fault.Mark.Column >= 1, $"a fault has words and a place: {fault}");
    }

    private static Feature[] EdgeFeatures() =>
    [
        .. typeof(Feature).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Feature)) && !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null)
            .Select(type => (Feature)Activator.CreateInstance(type)!),
    ];
}
