using System.Text;
using Gatehouse.Http;

namespace Gatehouse.AspNetCore.Requests;

/// <summary>
/// The parts of a request's target as text. ASP.NET Core's form of a path differs from the engine's: <c>%2F</c> stays as it is and empty segments stay. The
/// driver has refused what has no safe form, so what is left here decodes. The strings of the request before are kept for one that is alike.
/// </summary>
internal sealed class TargetText
{
    /// <summary>The target as received.</summary>
    public string Raw { get; private set; } = "";

    /// <summary>The path, decoded; empty where the target has none.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The query with its question mark; empty when there is none.</summary>
    public string Query { get; private set; } = "";

    /// <summary>Takes the target of a request.</summary>
    public void Take(Request request)
    {
        var target = request.Target;
        if (target.Length == Raw.Length && Ascii.Equals(target, Raw))
            return;
        Raw = Encoding.UTF8.GetString(target);
        Query = request.HasQuery ? "?" + Encoding.UTF8.GetString(request.Query) : "";
        var path = request.RawPath;
        Path = path.IsEmpty || path[0] != '/' ? "" : request.IsPathChanged ? Decode(path) : Encoding.UTF8.GetString(path);
    }

    /// <summary>Decodes a path that begins with a slash: all but <c>%2F</c>, and then dot segments are resolved (RFC 3986 section 5.2.4).</summary>
    internal static string Decode(ReadOnlySpan<byte> raw)
    {
        var bytes = raw.Length <= 512 ? stackalloc byte[512] : new byte[raw.Length];
        var length = 0;
        for (var at = 0; at < raw.Length; at++)
        {
            var value = raw[at];
            if (value == '%' && at + 2 < raw.Length && !IsSlash(raw[at + 1], raw[at + 2]))
            {
                value = (byte)((HexValue(raw[at + 1]) << 4) | HexValue(raw[at + 2]));
                at += 2;
            }
            bytes[length++] = value;
        }
        return Encoding.UTF8.GetString(bytes[..Resolve(bytes[..length])]);
    }

    private static bool IsSlash(byte first, byte second) => first == '2' && (second | 0x20) == 'f';

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static int Resolve(Span<byte> path)
    {
        var written = 0;
        for (var at = 0; at < path.Length;)
        {
            var next = path[(at + 1)..].IndexOf((byte)'/');
            var end = next < 0 ? path.Length : at + 1 + next;
            var segment = path[(at + 1)..end];
            var isLast = end == path.Length;
            if (segment is [(byte)'.'] or [(byte)'.', (byte)'.'])
            {
                if (segment.Length == 2)
                    written = Math.Max(path[..written].LastIndexOf((byte)'/'), 0);
                if (isLast)
                    path[written++] = (byte)'/';
            }
            else
            {
                path[at..end].CopyTo(path[written..]);
                written += end - at;
            }
            at = end;
        }
        return written;
    }
}
