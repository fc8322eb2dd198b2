using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Unicode;

namespace Gatehouse.Edge.Logs;

/// <summary>
/// Writes one line into room that is known to suffice. Whatever a client sent is escaped so that it can neither end a line nor a quoted value: in plain
/// lines as nginx does, <c>\xHH</c> for quotes, backslashes, controls and all that is not ASCII; in JSON as RFC 8259 section 7 says, with U+FFFD for what is no UTF-8.
/// A value longer than its share is cut and ends in <c>...</c>.
/// </summary>
internal ref struct LogLine(Span<byte> room, int valueLimit, bool isJson)
{
    /// <summary>The longest thing one byte becomes: <c>\u00XX</c>, or <c>\ufffd</c>.</summary>
    public const int MaxEscape = 6;

    private static readonly SearchValues<byte> PlainSafe = SearchValues.Create(Safe(0x7E));
    private static readonly SearchValues<byte> JsonSafe = SearchValues.Create(Safe(0x7F));
    private readonly Span<byte> _room = room;

    /// <summary>Bytes written.</summary>
    public int Length { get; set; }

    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_room[Length..]);
        Length += bytes.Length;
    }

    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, _room[Length..], out var written);
        Length += written;
    }

    /// <summary>Stopwatch ticks as seconds with microseconds.</summary>
    public void Seconds(long ticks)
    {
        var microseconds = (long)(Math.Max(ticks, 0) * (1_000_000.0 / Stopwatch.Frequency));
        Fraction(microseconds / 1_000_000, microseconds % 1_000_000, 6);
    }

    public void Fraction(long whole, long fraction, byte digits)
    {
        Number(whole);
        _room[Length++] = (byte)'.';
        Utf8Formatter.TryFormat(fraction, _room[Length..], out var written, new StandardFormat('D', digits));
        Length += written;
    }

    /// <summary>Writes a value with escapes; false, and nothing written, when it is empty.</summary>
    public bool Text(scoped ReadOnlySpan<byte> value)
    {
        var left = valueLimit;
        var isPresent = !value.IsEmpty;
        while (!value.IsEmpty)
        {
            var clean = value.IndexOfAnyExcept(isJson ? JsonSafe : PlainSafe);
            var take = Math.Min(clean < 0 ? value.Length : clean, left);
            Raw(value[..take]);
            left -= take;
            value = value[take..];
            if (value.IsEmpty)
                break;
            if (left < MaxEscape || take != clean)
            {
                Raw("..."u8);
                break;
            }
            var start = Length;
            value = value[(isJson ? EscapeJson(value) : EscapePlain(value[0]))..];
            left -= Length - start;
        }
        return isPresent;
    }

    /// <summary>The same for a string, of which 512 bytes count.</summary>
    public bool Text(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return false;
        Span<byte> bytes = stackalloc byte[512];
        Utf8.FromUtf16(value, bytes, out var read, out var written);
        Text(bytes[..written]);
        if (read < value.Length)
            Raw("..."u8);
        return true;
    }

    private int EscapePlain(byte b)
    {
        Raw("\\x"u8);
        Hex(b, 'X');
        return 1;
    }

    // Returns how many bytes of the value it stands for.
    private int EscapeJson(scoped ReadOnlySpan<byte> value)
    {
        switch (value[0])
        {
            case (byte)'"':
                Raw("\\\""u8);
                return 1;
            case (byte)'\\':
                Raw("\\\\"u8);
                return 1;
            case < 0x20:
                Raw("\\u00"u8);
                Hex(value[0], 'x');
                return 1;
        }
        if (Rune.DecodeFromUtf8(value, out _, out var consumed) == OperationStatus.Done)
            Raw(value[..consumed]);
        else
            Raw("\\ufffd"u8);
        return consumed;
    }

    private void Hex(byte b, char format)
    {
        Utf8Formatter.TryFormat(b, _room[Length..], out var written, new StandardFormat(format, 2));
        Length += written;
    }

    private static byte[] Safe(byte last) => [.. Enumerable.Range(0x20, last - 0x20 + 1).Where(b => b is not ('"' or '\\')).Select(b => (byte)b)];
}
