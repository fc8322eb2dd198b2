using System.Buffers;
using System.Globalization;
using System.Text;
using Gatehouse.Edge.Proxy;
using Gatehouse.Http;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Gateways.FastCgi.Responder;

/// <summary>Writes an answer's head as a script does (RFC 3875 section 6).</summary>
internal static class FastCgiResponseHead
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _room;

    /// <summary>The head with the empty line behind it; good until the thread makes another.</summary>
    public static ReadOnlySpan<byte> Make(Response response)
    {
        var room = _room ??= new ArrayBufferWriter<byte>(1024);
        room.ResetWrittenCount();
        room.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Status: {response.Status} ")));
        room.Write(StatusCodes.Reason(response.Status));
        for (var i = 0; i < response.Headers.Count; i++)
        {
            var field = response.Headers[i];
            // The connection is the web server's, and so is the framing of what goes over it.
            if (HopByHop.IsAlways(field.Known) || field.Known is KnownHeader.ContentLength or KnownHeader.Status)
                continue;
            room.Write("\r\n"u8);
            room.Write(field.Name);
            room.Write(": "u8);
            room.Write(field.Value);
        }
        if (response.ContentLength >= 0)
            room.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\r\nContent-Length: {response.ContentLength}")));
        room.Write("\r\n\r\n"u8);
        return room.WrittenSpan;
    }
}
