using System.Buffers.Text;
using Gatehouse.Protocols.Cgi;

namespace Gatehouse.Protocols.Scgi;

/// <summary>
/// Writes the head of an SCGI request: a netstring of names and values, each ended by NUL, of which CONTENT_LENGTH is the first and SCGI is "1". The body
/// follows it as it is.
/// </summary>
public static class ScgiRequestWriter
{
    private const int MaxDigits = 20;

    private static ReadOnlySpan<byte> LengthName => "CONTENT_LENGTH\0"u8;

    private static ReadOnlySpan<byte> Version => "\0SCGI\01\0"u8;

    /// <summary>A bound on the bytes that <see cref="Write"/> takes.</summary>
    public static int SizeBound(CgiVariables variables) => variables.Bytes + (2 * variables.Count) + LengthName.Length + Version.Length + (2 * MaxDigits) + 2;

    /// <summary>
    /// Writes the head and returns its bytes; the destination has room for <see cref="SizeBound"/>. No name or value holds a NUL. A CONTENT_LENGTH among the
    /// variables is passed over, since each name stands once.
    /// </summary>
    public static int Write(Span<byte> destination, CgiVariables variables, long contentLength)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        Utf8Formatter.TryFormat(contentLength, digits, out var digitCount);
        var size = LengthName.Length + digitCount + Version.Length;
        for (var i = 0; i < variables.Count; i++)
        {
            var variable = variables[i];
            if (!IsLength(variable))
                size += variable.Name.Length + variable.Value.Length + 2;
        }
        Utf8Formatter.TryFormat(size, destination, out var at);
        destination[at++] = (byte)':';
        Put(destination, ref at, LengthName);
        Put(destination, ref at, digits[..digitCount]);
        Put(destination, ref at, Version);
        for (var i = 0; i < variables.Count; i++)
        {
            var variable = variables[i];
            if (IsLength(variable))
                continue;
            Put(destination, ref at, variable.Name);
            destination[at++] = 0;
            Put(destination, ref at, variable.Value);
            destination[at++] = 0;
        }
        destination[at++] = (byte)',';
        return at;
    }

    private static bool IsLength(CgiVariable variable) => variable.Name.SequenceEqual(LengthName[..^1]);

    private static void Put(Span<byte> destination, ref int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(destination[at..]);
        at += bytes.Length;
    }
}
