using System.Text;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Request heads: the same verdict however they arrive.</summary>
internal sealed class Http1RequestTarget : IFuzzTarget
{
    public string Name => "http1-request";

    public IEnumerable<byte[]> Seeds => Http1Seeds.Requests.Concat(VectorFiles.Of("Gatehouse.Protocols.Tests/Http1/Vectors", "request-*.http"));

    public void Run(ReadOnlySpan<byte> input) => SplitReplay.Require(input, pieces =>
    {
        var parser = new Http1RequestParser(Http1Limits.Default);
        parser.Reset();
        return HeadVerdict.Of(parser, pieces, Describe);
    });

    private static void Describe(Http1RequestParser parser, byte[] buffer, StringBuilder text)
    {
        Claim.That(parser.ContentLength >= -1, $"a length from -1; found {parser.ContentLength}");
        text.Append($"\n{parser.Method} {HeadVerdict.Text(parser.MethodName, buffer)} {HeadVerdict.Text(parser.Target, buffer)}");
        text.Append($"\npath {HeadVerdict.Text(parser.Path, buffer)} query {parser.HasQuery} {HeadVerdict.Text(parser.Query, buffer)}");
        text.Append($"\nauthority {HeadVerdict.Text(parser.Authority, buffer)}");
        text.Append($"\nlength {parser.ContentLength}, continue {parser.ExpectsContinue}, upgrade {parser.AsksUpgrade}");
    }
}
