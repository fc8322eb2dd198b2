using System.Text;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Response heads, to requests of the methods on which framing depends: the same verdict however they arrive.</summary>
internal sealed class Http1ResponseTarget : IFuzzTarget
{
    private static readonly Method[] Methods = [Method.Get, Method.Head, Method.Connect];

    public string Name => "http1-response";

    public IEnumerable<byte[]> Seeds => Http1Seeds.Responses.Concat(VectorFiles.Of("Gatehouse.Protocols.Tests/Http1/Vectors", "response-*.http"));

    public void Run(ReadOnlySpan<byte> input)
    {
        foreach (var method in Methods)
        {
            SplitReplay.Require(input, pieces =>
            {
                var parser = new Http1ResponseParser(Http1Limits.Default);
                parser.Reset(method);
                return HeadVerdict.Of(parser, pieces, Describe);
            });
        }
    }

    private static void Describe(Http1ResponseParser parser, byte[] buffer, StringBuilder text)
    {
        Claim.That(parser.Status is >= 100 and <= 999, $"a status of three digits; found {parser.Status}");
        Claim.That(parser.ContentLength >= -1, $"a length from -1; found {parser.ContentLength}");
        text.Append($"\n{parser.Status} {HeadVerdict.Text(parser.Reason, buffer)}");
        text.Append($"\n{parser.BodyFraming} {parser.ContentLength}, interim {parser.IsInterim}, tunnel {parser.IsTunnel}");
    }
}
