using System.Buffers;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Routing;

/// <summary>Sends a client from /x to /x/ so that relative links below it are right.</summary>
public static class SlashRedirect
{
    /// <summary>Answers 308 with the path, a slash and the query.</summary>
    public static ValueTask SendAsync(Exchange exchange)
    {
        var request = exchange.Request;
        var location = new ArrayBufferWriter<byte>(request.RawPath.Length + request.Query.Length + 2);
        UrlPath.Encode(request.Path, location);
        location.Write("/"u8);
        if (request.HasQuery)
        {
            location.Write("?"u8);
            location.Write(request.Query);
        }
        exchange.Response.Status = 308;
        exchange.Response.Headers.Add(KnownHeader.Location, location.WrittenSpan);
        return exchange.CompleteAsync();
    }
}
