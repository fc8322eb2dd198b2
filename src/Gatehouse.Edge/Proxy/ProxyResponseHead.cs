using Gatehouse.Http;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Edge.Proxy;

/// <summary>Takes a target's response head over into the answer, without what belonged to the target's connection (RFC 9110 section 7.6.1).</summary>
internal static class ProxyResponseHead
{
    /// <summary>Copies status, length and fields.</summary>
    public static void Copy(Http1ClientConnection connection, Exchange exchange)
    {
        var from = connection.Response;
        var to = exchange.Response;
        to.Status = from.Status;
        to.ContentLength = LengthOf(from, exchange.Request.Method);
        CopyFields(from, to.Headers);
        if (from.Status == 101 && from.Headers.TryGet(KnownHeader.Upgrade, out var protocol))
            to.Headers.Add(KnownHeader.Upgrade, protocol);
    }

    /// <summary>Passes an interim response (103 and the like) on to the client; a 100 was answered by the driver itself.</summary>
    public static ValueTask PassInterimAsync(Exchange exchange, Http1ClientConnection connection)
    {
        if (connection.Response.Status == 100)
            return default;
        var headers = new HeaderList();
        CopyFields(connection.Response, headers);
        return exchange.SendInterimAsync(connection.Response.Status, headers);
    }

    private static void CopyFields(Http1ResponseParser from, HeaderList to)
    {
        var headers = from.Headers;
        var hasOptions = headers.TryGet(KnownHeader.Connection, out var options) && HopByHop.Nominates(options);
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            if (HopByHop.IsAlways(field.Known) || field.Known == KnownHeader.ContentLength)
                continue;
            if (hasOptions && HopByHop.IsNominated(options, field.Name))
                continue;
            to.Add(field);
        }
    }

    // A response to HEAD, and a 304, tell the length that a GET would have had and have no body themselves.
    private static long LengthOf(Http1ResponseParser response, Method method)
    {
        if (response.BodyFraming is BodyFraming.Length || (response.BodyFraming is BodyFraming.None && method != Method.Head && response.Status != 304))
            return response.ContentLength;
        return response.BodyFraming is BodyFraming.None && response.Headers.TryGet(KnownHeader.ContentLength, out var text)
            && System.Buffers.Text.Utf8Parser.TryParse(text, out long length, out var used) && used == text.Length
            ? length
            : -1;
    }
}
