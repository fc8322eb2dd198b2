using System.Text;
using Gatehouse.Protocols.FastCgi;

namespace Gatehouse.Fuzz.Targets;

/// <summary>FastCGI as both sides read it: records, the answer to a request, name-value pairs; the same verdict however they arrive.</summary>
internal sealed class FastCgiTarget : IFuzzTarget
{
    public string Name => "fastcgi";

    public IEnumerable<byte[]> Seeds =>
    [
        [.. Record(FastCgiRecordType.Stdout, "Content-Type: a\n\nhello", 2), .. Record(FastCgiRecordType.Stderr, "oops", 4), .. Record(FastCgiRecordType.EndRequest, "\0\0\0\0\0\0\0\0", 0)],
        [.. Record(FastCgiRecordType.BeginRequest, "\0\u0001\u0001\0\0\0\0\0", 0), .. Record(FastCgiRecordType.Params, "\u0001\u0001AB", 4), .. Record(FastCgiRecordType.Params, "", 0), .. Record(FastCgiRecordType.Stdin, "", 0)],
        [11, 2, .. "SERVER_PORT80"u8, 128, 0, 0, 1, 0, 65],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        SplitReplay.Require(input, Records);
        SplitReplay.Require(input, Answer);
        var taken = 0;
        for (var rest = input; FastCgiNameValue.TryRead(ref rest, out var pair);)
        {
            taken += FastCgiNameValue.Size(pair.Name.Length, pair.Value.Length);
            Claim.That(taken <= input.Length, "pairs are made of the bytes that there are");
        }
    }

    private static string Records(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var decoder = new FastCgiDecoder();
        var text = new StringBuilder();
        foreach (var piece in pieces)
        {
            for (var rest = piece.Span; ;)
            {
                var step = decoder.Decode(rest, out var consumed, out var content);
                Claim.That(content.Length == 0 || content.End <= consumed, $"content {content} lies within the {consumed} bytes consumed");
                text.Append(Encoding.Latin1.GetString(rest.Slice(content.Start, content.Length)));
                if (step == FastCgiStep.RecordEnd) text.Append($"<{decoder.Record}>");
                if (step == FastCgiStep.Failed) return $"{text} refused";
                rest = rest[consumed..];
                if (step == FastCgiStep.NeedMore) break;
            }
        }
        return text.ToString();
    }

    private static string Answer(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var reader = new FastCgiResponseReader();
        reader.Begin(1);
        var output = new StringBuilder();
        var error = new StringBuilder();
        foreach (var piece in pieces)
        {
            for (var rest = piece.Span; ;)
            {
                var step = reader.Read(rest, out var consumed, out var data);
                var text = Encoding.Latin1.GetString(rest.Slice(data.Start, data.Length));
                if (step == FastCgiResponseStep.Output) output.Append(text);
                else error.Append(text);
                if (step == FastCgiResponseStep.Failed) return $"{output}|{error}|refused";
                if (step == FastCgiResponseStep.End) return $"{output}|{error}|{reader.Ended}";
                rest = rest[consumed..];
                if (step == FastCgiResponseStep.NeedMore) break;
            }
        }
        return $"{output}|{error}|more";
    }

    private static byte[] Record(FastCgiRecordType type, string content, int padding)
    {
        var wire = new byte[FastCgiRecord.HeadLength + content.Length + padding];
        new FastCgiRecord(type, 1, content.Length, padding).Write(wire);
        Encoding.Latin1.GetBytes(content).CopyTo(wire.AsSpan(FastCgiRecord.HeadLength));
        return wire;
    }
}
