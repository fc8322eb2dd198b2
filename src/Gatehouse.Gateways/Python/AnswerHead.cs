using System.Buffers.Text;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Gateways.Python;

/// <summary>Reads the head that an application gave: the status with its reason, then names and values, a line each.</summary>
internal static class AnswerHead
{
    /// <summary>Takes a head over into <paramref name="response"/>. False with what is wrong, when it is no head that may be sent; then the answer is 500.</summary>
    public static bool TryRead(ReadOnlySpan<byte> head, Response response, out string? fault)
    {
        response.ContentLength = -1;
        var end = head.IndexOf((byte)'\n');
        var status = end < 0 ? head : head[..end];
        fault = null;
        if (status.Length < 3 || !TryStatus(status, out var code))
        {
            fault = $"the application answered with the status '{Encoding.Latin1.GetString(status)}', expected 200 to 599 and a reason";
            return false;
        }
        response.Status = code;
        var rest = end < 0 ? default : head[(end + 1)..];
        while (!rest.IsEmpty || end >= 0)
        {
            var nameEnd = rest.IndexOf((byte)'\n');
            if (nameEnd < 0)
                break;
            var name = rest[..nameEnd];
            rest = rest[(nameEnd + 1)..];
            end = rest.IndexOf((byte)'\n');
            var value = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!TryField(name, value, response, out fault))
                return false;
        }
        return true;
    }

    private static bool TryStatus(ReadOnlySpan<byte> text, out int code) =>
        Utf8Parser.TryParse(text[..3], out code, out var used) && used == 3 && code is >= 200 and <= 599 && (text.Length == 3 || text[3] == ' ');

    private static bool TryField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, Response response, out string? fault)
    {
        fault = null;
        var known = KnownHeaders.Find(name);
        switch (known)
        {
            case KnownHeader.None when !HeaderSyntax.IsToken(name):
                fault = $"the application set a header with the name '{Encoding.Latin1.GetString(name)}', expected a token (RFC 9110 section 5.6.2)";
                return false;

            // The server's own (PEP 3333, "Other HTTP Features").
            case KnownHeader.Connection or KnownHeader.KeepAlive or KnownHeader.ProxyConnection or KnownHeader.TE or KnownHeader.Trailer
                or KnownHeader.TransferEncoding or KnownHeader.Upgrade:
                return true;
            case KnownHeader.ContentLength:
                return TryLength(value, response, out fault);
        }
        value = HeaderSyntax.Trim(value);
        if (value.IndexOfAny("\r\0"u8) >= 0)
        {
            fault = $"the application set the header '{Encoding.Latin1.GetString(name)}' to a value with a control character";
            return false;
        }
        if (known == KnownHeader.None)
            response.Headers.Add(name, value);
        else
            response.Headers.Add(known, value);
        return true;
    }

    private static bool TryLength(ReadOnlySpan<byte> value, Response response, out string? fault)
    {
        var text = HeaderSyntax.Trim(value);
        var isNumber = Utf8Parser.TryParse(text, out long length, out var used) && used == text.Length && char.IsAsciiDigit((char)text[0]);
        fault = !isNumber ? $"the application set Content-Length to '{Encoding.Latin1.GetString(value)}', expected a number"
            : response.ContentLength >= 0 && response.ContentLength != length ? "the application set Content-Length twice, to different numbers"
            : null;
        response.ContentLength = length;
        return fault is null;
    }
}
