using System.Buffers;
using System.Text;
using Gatehouse.Http.Urls;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Forms;

/// <summary>
/// The head of a part (RFC 7578 section 4). One object serves every part of a reader: its spans hold until the next <see cref="MultipartEvent.Part"/>.
/// </summary>
public sealed class MultipartPart
{
    // VCHAR, obs-text, SP and HTAB: what a field value may hold (RFC 9110 section 5.5).
    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private byte[] _values = [];
    private int _used;
    private (int Start, int Length) _name;
    private (int Start, int Length) _fileName;

    /// <summary>All fields of the part, in order.</summary>
    public HeaderTable Headers { get; } = new(4);

    /// <summary>True with a name parameter in Content-Disposition.</summary>
    public bool HasName { get; private set; }

    /// <summary>The name parameter, without escapes.</summary>
    public ReadOnlySpan<byte> Name => _values.AsSpan(_name.Start, _name.Length);

    /// <summary>True with a filename or filename* parameter: the part is a file.</summary>
    public bool HasFileName { get; private set; }

    /// <summary>
    /// The filename parameter, without escapes; as UTF-8 the decoded filename* (RFC 8187) where that stands alone. RFC 7578 section 4.2 knows only the former.
    /// It may name a path, or have bytes that are no UTF-8: see <see cref="FormFile.SafeFileName"/>.
    /// </summary>
    public ReadOnlySpan<byte> FileName => _values.AsSpan(_fileName.Start, _fileName.Length);

    /// <summary>The Content-Type field; empty when there is none.</summary>
    public ReadOnlySpan<byte> ContentType => Headers.TryGet(KnownHeader.ContentType, out var value) ? value : default;

    /// <summary>The charset parameter of <see cref="ContentType"/>; empty when there is none.</summary>
    public ReadOnlySpan<byte> Charset
    {
        get
        {
            var parameters = new MimeParameters(ContentType);
            while (parameters.MoveNext())
            {
                if (Ascii.EqualsIgnoreCase(parameters.Name, "charset"u8))
                    return parameters.RawValue;
            }
            return default;
        }
    }

    /// <summary>Reads the head in <paramref name="bytes"/>: lines that end in CRLF, and an empty one. Null, or what is wrong.</summary>
    internal string? Read(byte[] bytes, int start, int end)
    {
        Headers.Reset(bytes);
        HasName = HasFileName = false;
        _used = 0;
        _name = _fileName = default;
        Unfold(bytes.AsSpan(start, end - start));
        while (start < end - 2)
        {
            var line = bytes.AsSpan(start, end - start);
            line = line[..line.IndexOf("\r\n"u8)];
            if (ReadLine(line, start) is { } fault)
                return fault;
            start += line.Length + 2;
        }
        return Headers.CountOf(KnownHeader.ContentDisposition) > 1 || Headers.CountOf(KnownHeader.ContentType) > 1
            ? "a part must have one Content-Disposition and one Content-Type at most"
            : ReadDisposition();
    }

    // MIME fields may go on in lines that start with white space (RFC 5322 section 2.2.3), unlike those of HTTP.
    private static void Unfold(Span<byte> head)
    {
        while (head.IndexOf("\r\n"u8) is >= 0 and var end && end + 2 < head.Length)
        {
            if (head[end + 2] is (byte)' ' or (byte)'\t')
                head.Slice(end, 2).Fill((byte)' ');
            head = head[(end + 2)..];
        }
    }

    private string? ReadLine(ReadOnlySpan<byte> line, int start)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(TokenBytes))
            return "expected a field name and a colon in a part's head";
        if (line.ContainsAny(Controls))
            return "a field in a part's head must not hold control characters";
        var value = line[(colon + 1)..];
        var leading = value.Length - value.TrimStart(" \t"u8).Length;
        Headers.Add(KnownHeaders.Find(line[..colon]), start, colon, start + colon + 1 + leading, value.Trim(" \t"u8).Length);
        return null;
    }

    private string? ReadDisposition()
    {
        if (!Headers.TryGet(KnownHeader.ContentDisposition, out var field))
            return null;
        if (_values.Length < 2 * field.Length)
            _values = new byte[Math.Max(256, 2 * field.Length)];
        var parameters = new MimeParameters(field);
        var extended = default(ReadOnlySpan<byte>);
        while (parameters.MoveNext())
        {
            if (Ascii.EqualsIgnoreCase(parameters.Name, "name"u8))
            {
                if (HasName)
                    return "Content-Disposition must have one name at most";
                HasName = true;
                _name = Keep(in parameters);
            }
            else if (Ascii.EqualsIgnoreCase(parameters.Name, "filename"u8))
            {
                if (HasFileName)
                    return "Content-Disposition must have one filename at most";
                HasFileName = true;
                _fileName = Keep(in parameters);
            }
            else if (Ascii.EqualsIgnoreCase(parameters.Name, "filename*"u8))
            {
                if (!extended.IsEmpty)
                    return "Content-Disposition must have one filename* at most";
                extended = parameters.RawValue;
            }
        }
        if (parameters.IsMalformed)
            return "expected parameters of the form name=value or name=\"value\" in Content-Disposition";
        if (extended.IsEmpty || HasFileName)
            return null;
        HasFileName = true;
        return TryKeepExtended(extended)
            ? null
            : "expected filename*=UTF-8''value or filename*=ISO-8859-1''value (RFC 8187), without NUL, in Content-Disposition";
    }

    private (int Start, int Length) Keep(in MimeParameters parameters)
    {
        var target = _values.AsSpan(_used);
        var length = parameters.Unescape(target);
        if (parameters.IsQuoted)
            length = DecodeNames(target[..length]);
        _used += length;
        return (_used - length, length);
    }

    // Browsers write a double quote, CR and LF of a name as %22, %0D and %0A (WHATWG HTML, multipart/form-data encoding algorithm), and no other percent
    // sign: these three are decoded and nothing else is.
    private static int DecodeNames(Span<byte> text)
    {
        if (!text.Contains((byte)'%'))
            return text.Length;
        var written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var decoded = text[i] != '%' || i + 2 >= text.Length ? 0 : (text[i + 1], text[i + 2] | 0x20) switch
            {
                ((byte)'2', '2' | 0x20) => '"',
                ((byte)'0', 'd') => '\r',
                ((byte)'0', 'a') => '\n',
                _ => 0,
            };
            text[written++] = decoded == 0 ? text[i] : (byte)decoded;
            i += decoded == 0 ? 0 : 2;
        }
        return written;
    }

    // ext-value = charset "'" [ language ] "'" value-chars
    private bool TryKeepExtended(ReadOnlySpan<byte> value)
    {
        var first = value.IndexOf((byte)'\'');
        var second = first < 0 ? -1 : value[(first + 1)..].IndexOf((byte)'\'');
        if (second < 0)
            return false;
        var isLatin1 = Ascii.EqualsIgnoreCase(value[..first], "ISO-8859-1"u8);
        if (!isLatin1 && !Ascii.EqualsIgnoreCase(value[..first], "UTF-8"u8))
            return false;
        value = value[(first + second + 2)..];
        var target = _values.AsSpan(_used);
        var length = PercentEncoding.Decode(value, target);
        if (target[..length].Contains((byte)0))
            return false;
        if (isLatin1)
        {
            var text = Encoding.Latin1.GetString(target[..length]);
            length = Encoding.UTF8.GetBytes(text, target);
        }
        _fileName = (_used, length);
        _used += length;
        return true;
    }
}
