using System.Text;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;
using Gatehouse.Testing;

namespace Gatehouse.Fuzz.Targets;

/// <summary>
/// Everything a caller can see of a parsed head, as text. Of a refused one only the status: which words describe the fault, and where it was noticed, may
/// depend on how much of a line had come.
/// </summary>
internal static class HeadVerdict
{
    /// <summary>
    /// Parses pieces as they arrive. Each piece comes into a copy at another place, as when a connection's buffer moved, and what is behind it is guard.
    /// </summary>
    public static string Of<TParser>(TParser parser, IReadOnlyList<ReadOnlyMemory<byte>> pieces, Action<TParser, byte[], StringBuilder> describe)
        where TParser : Http1HeadParser
    {
        byte[] held = [];
        var start = 0;
        foreach (var (buffer, arrivedAt, end) in Splits.Growing(pieces))
        {
            var moved = new byte[buffer.Length + held.Length % 7];
            var delta = moved.Length - buffer.Length;
            buffer.CopyTo(moved, delta);
            if (held.Length > 0)
            {
                // The parser may have changed the bytes of lines it has read: those stand in its buffer, and in none of ours.
                held.AsSpan(start).CopyTo(moved.AsSpan(arrivedAt + delta));
                parser.Rebase(moved, arrivedAt + delta - start);
            }
            start = arrivedAt + delta;
            var status = parser.Parse(moved, start, end + delta, out var headEnd);
            if (status == ParseStatus.Failed) return $"refused with {parser.Error!.Status}";
            if (status == ParseStatus.Done) return Done(parser, moved, start, headEnd, describe);
            held = moved[..(end + delta)];
        }
        return "more";
    }

    /// <summary>A slice as text; fails when it lies outside of what had arrived.</summary>
    public static string Text(Slice slice, byte[] buffer) => Encoding.Latin1.GetString(slice.Of(buffer));

    private static string Done<TParser>(TParser parser, byte[] buffer, int start, int headEnd, Action<TParser, byte[], StringBuilder> describe)
        where TParser : Http1HeadParser
    {
        Claim.That(buffer.AsSpan(start, headEnd - start).EndsWith("\n"u8), "a head ends with a line end");
        var text = new StringBuilder();
        text.Append($"head {headEnd - start}, 1.{parser.MinorVersion}, keep-alive {parser.KeepAlive}");
        describe(parser, buffer, text);
        Describe(parser.Headers, text);
        return text.ToString();
    }

    /// <summary>Appends the fields, and claims of each that it holds no byte that could split a message.</summary>
    public static void Describe(HeaderTable headers, StringBuilder text)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            Claim.That(HeaderSyntax.IsToken(field.Name), "a field name is a token");
            Claim.That(!field.Value.ContainsAny("\r\n\0"u8), "a field value has no CR, LF or NUL");
            text.Append($"\n{field.Known} {Encoding.Latin1.GetString(field.Name)}: {Encoding.Latin1.GetString(field.Value)}");
        }
    }
}
