using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Gatehouse.Http.Cookies;

/// <summary>
/// A jar in the cookies.txt format of Netscape and curl: a line for each cookie with domain, TRUE when it covers names below the domain, path, TRUE for Secure,
/// expiry in seconds since 1970 (0 for the session), name and value, tab-separated; "#HttpOnly_" before the domain marks HttpOnly; other lines with "#" are
/// comments.
/// The format has no place for SameSite and Partitioned: they are lost.
/// </summary>
public static class CookieFile
{
    /// <summary>Bytes of a file that are read at most: room for some 3,000 cookies of full size and their comments.</summary>
    public const int MaxFileBytes = 16 * 1024 * 1024;

    /// <summary>Bytes of a line: a full name and value, path and domain.</summary>
    public const int MaxLineBytes = CookieSyntax.MaxNameAndValue + CookieSyntax.MaxAttributeValue + 512;

    private const byte Tab = (byte)'\t';

    private static ReadOnlySpan<byte> HttpOnlyMark => "#HttpOnly_"u8;

    /// <summary>Reads cookies into a jar. Expired cookies are passed over; so are malformed lines, as curl does, but they are counted.</summary>
    /// <exception cref="InvalidDataException">The file is longer than <see cref="MaxFileBytes"/>, or a line longer than <see cref="MaxLineBytes"/>.</exception>
    public static CookieFileResult Read(Stream file, CookieJar jar)
    {
        var buffer = new byte[MaxLineBytes + 1];
        var (held, total, line) = (0, 0, 0);
        var result = default(CookieFileResult);
        while (true)
        {
            var read = file.Read(buffer.AsSpan(held));
            total += read;
            if (total > MaxFileBytes)
                throw new InvalidDataException($"The cookie file is longer than {MaxFileBytes} bytes.");
            held += read;
            var rest = buffer.AsSpan(0, held);
            while (rest.IndexOf((byte)'\n') is >= 0 and var end)
            {
                result = result.With(ReadLine(rest[..end], jar), ++line);
                rest = rest[(end + 1)..];
            }
            if (read == 0)
                return rest.IsEmpty ? result : result.With(ReadLine(rest, jar), line + 1);
            if (rest.Length > MaxLineBytes)
                throw new InvalidDataException($"Line {line + 1} of the cookie file is longer than {MaxLineBytes} bytes.");
            held = rest.Length;
            rest.CopyTo(buffer);
        }
    }

    /// <summary>Writes the jar's cookies that have not expired; how many. One with a tab in its name or path does not fit the format and is left out.</summary>
    public static int Write(Stream file, CookieJar jar)
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write("# Netscape HTTP Cookie File\n"u8);
        var written = 0;
        foreach (var cookie in jar.ToList())
        {
            if (cookie.Name.Span.Contains(Tab) || cookie.Path.Span.Contains(Tab))
                continue;
            WriteLine(output, cookie);
            written++;
        }
        file.Write(output.WrittenSpan);
        return written;
    }

    private static void WriteLine(ArrayBufferWriter<byte> output, Cookie cookie)
    {
        if (cookie.HttpOnly)
            output.Write(HttpOnlyMark);
        if (!cookie.HostOnly)
            output.Write("."u8);
        Encoding.ASCII.GetBytes(cookie.Domain, output);
        output.Write(cookie.HostOnly ? "\tFALSE\t"u8 : "\tTRUE\t"u8);
        output.Write(cookie.Path.Span);
        output.Write(cookie.Secure ? "\tTRUE\t"u8 : "\tFALSE\t"u8);
        Utf8Formatter.TryFormat(cookie.Expires?.ToUnixTimeSeconds() ?? 0, output.GetSpan(20), out var digits);
        output.Advance(digits);
        output.Write("\t"u8);
        output.Write(cookie.Name.Span);
        output.Write("\t"u8);
        output.Write(cookie.Value.Span);
        output.Write("\n"u8);
    }

    // True for a cookie that was taken, false for a fault, null for a line that says nothing.
    private static bool? ReadLine(ReadOnlySpan<byte> line, CookieJar jar)
    {
        if (line is [.., (byte)'\r'])
            line = line[..^1];
        var httpOnly = line.StartsWith(HttpOnlyMark);
        if (httpOnly)
            line = line[HttpOnlyMark.Length..];
        else if (line is [] or [(byte)'#', ..])
            return null;
        if (!TryTake(ref line, out var domain) || !TryTake(ref line, out var covers) || !TryTake(ref line, out var path) || !TryTake(ref line, out var secure)
            || !TryTake(ref line, out var expires) || !TryTake(ref line, out var name))
            return false;
        if (!TryFlag(covers, out var below) || !TryFlag(secure, out var isSecure) || path is not [(byte)'/', ..] || CookieSyntax.HasControl(path)
            || !Utf8Parser.TryParse(expires, out long seconds, out var length) || length != expires.Length)
            return false;
        domain = domain is [(byte)'.', ..] ? domain[1..] : domain;
        if (!Ascii.IsValid(domain))
            return false;
        return jar.Add(new Cookie
        {
            Name = name.ToArray(),
            Value = line.ToArray(),
            Domain = Encoding.ASCII.GetString(domain).ToLowerInvariant(),
            HostOnly = !below,
            Path = path.ToArray(),
            Expires = seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 1, DateTimeOffset.MaxValue.ToUnixTimeSeconds())),
            Secure = isSecure,
            HttpOnly = httpOnly,
        }) == CookieRefusal.None;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> column)
    {
        var tab = line.IndexOf(Tab);
        column = tab < 0 ? default : line[..tab];
        line = tab < 0 ? line : line[(tab + 1)..];
        return tab >= 0;
    }

    private static bool TryFlag(ReadOnlySpan<byte> column, out bool flag)
    {
        flag = Ascii.EqualsIgnoreCase(column, "TRUE"u8);
        return flag || Ascii.EqualsIgnoreCase(column, "FALSE"u8);
    }
}
