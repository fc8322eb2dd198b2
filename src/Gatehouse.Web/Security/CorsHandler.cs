using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>Lets pages of other sites read answers (Fetch standard, section 3.3), and answers their browsers' questions beforehand.</summary>
internal sealed class CorsHandler(IHandler inner, IReadOnlySet<string> origins, bool withCookies) : IHandler
{
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    public ValueTask HandleAsync(Exchange exchange)
    {
        var headers = exchange.Request.Headers;
        var answer = exchange.Response.Headers;
        answer.Add(KnownHeader.Vary, "Origin"u8);
        if (!headers.TryGet(KnownHeader.Origin, out var origin) || !origins.Contains(Encoding.Latin1.GetString(origin)))
            return inner.HandleAsync(exchange);
        answer.Set(KnownHeader.AccessControlAllowOrigin, origin);
        if (withCookies)
            answer.Set("Access-Control-Allow-Credentials"u8, "true"u8);
        if (exchange.Request.Method != Method.Options || !headers.TryGet("Access-Control-Request-Method"u8, out _))
            return inner.HandleAsync(exchange);
        answer.Set("Access-Control-Allow-Methods"u8, answer.TryGet(KnownHeader.Allow, out var allowed) ? allowed.ToArray() : "GET, HEAD"u8.ToArray());
        if (headers.TryGet("Access-Control-Request-Headers"u8, out var wanted))
            answer.Set("Access-Control-Allow-Headers"u8, wanted);
        answer.Set("Access-Control-Max-Age"u8, Encoding.ASCII.GetBytes($"{Remembered.TotalSeconds:0}"));
        exchange.Response.Status = 204;
        return default;
    }
}
