using System.Buffers;
using System.Text;
using Gatehouse.Edge.Routing;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Redirect;

/// <summary>Answers with a Location (RFC 9110 section 10.2.2). What * matched is encoded anew from the decoded path, so that nothing a client sends can split the field.</summary>
internal sealed class RedirectHandler(RedirectConfig config, PathPattern pattern) : IHandler
{
    private readonly byte[] _to = Encoding.ASCII.GetBytes(config.To);
    private readonly bool _appends = config.To.EndsWith('/');

    public ValueTask HandleAsync(Exchange exchange)
    {
        var request = exchange.Request;
        exchange.Response.Status = config.Status;
        if (!_appends)
        {
            exchange.Response.Headers.Add(KnownHeader.Location, _to);
            return exchange.CompleteAsync();
        }
        var match = pattern.Match(request.Path);
        var rest = match.IsMatch ? request.Path.Slice(match.WildcardStart, match.WildcardLength) : default;
        var location = new ArrayBufferWriter<byte>(_to.Length + rest.Length + request.Query.Length + 16);
        location.Write(_to);
        if (rest is [(byte)'/', ..])
            rest = rest[1..];
        UrlPath.Encode(rest, location);
        if (request.HasQuery)
        {
            location.Write("?"u8);
            location.Write(request.Query);
        }
        exchange.Response.Headers.Add(KnownHeader.Location, location.WrittenSpan);
        return exchange.CompleteAsync();
    }
}
