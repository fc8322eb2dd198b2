using System.Text;
using Gatehouse.Protocols.Cgi;
using Gatehouse.Protocols.Http1;
using Gatehouse.Testing;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Heads that scripts send: the same verdict however they arrive, and nothing in a field that could split a message.</summary>
internal sealed class CgiResponseTarget : IFuzzTarget
{
    public string Name => "cgi-response";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of(
        "Content-Type: text/plain\n\nhello",
        "Status: 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello",
        "Location: /elsewhere?a=b\n\n",
        "Location: https://example.com/\r\nStatus: 301\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-Powered-By: PHP\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n");

    public void Run(ReadOnlySpan<byte> input) => SplitReplay.Require(input, Verdict);

    private static string Verdict(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var parser = new CgiResponseParser();
        foreach (var (buffer, start, end) in Splits.Growing(pieces))
        {
            switch (parser.Parse(buffer, start, end, out var headEnd))
            {
                case ParseStatus.Failed:
                    return "refused";
                case ParseStatus.Done:
                    Claim.That(parser.Status is >= 200 and <= 599, $"a status from 200 to 599; found {parser.Status}");
                    Claim.That(parser.ContentLength >= -1, $"a length from -1; found {parser.ContentLength}");
                    var text = new StringBuilder($"head {headEnd - start}, {parser.Status} {parser.ContentLength} {parser.HasStatusLine}");
                    if (parser.IsLocalRedirect)
                        text.Append($" local {Encoding.Latin1.GetString(parser.LocationOf(buffer))}");
                    HeadVerdict.Describe(parser.Headers, text);
                    return text.ToString();
            }
        }
        return "more";
    }
}
