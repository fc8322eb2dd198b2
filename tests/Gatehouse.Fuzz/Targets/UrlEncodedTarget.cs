using System.Buffers;
using System.Text;
using Gatehouse.Http.Urls;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Urlencoded forms and percent-encoding: the same pairs however a body arrives, and what is read comes back from what is written of it.</summary>
internal sealed class UrlEncodedTarget : IFuzzTarget
{
    public string Name => "urlencoded";

    public IEnumerable<byte[]> Seeds =>
        Targets.Seeds.Of("a=b&c=d", "name=J%C3%BCrgen+M&empty=&=x&flag", "a%3Db=%26%2B%25&%zz=%", "&&a=1&&", "q=%E2%82%AC%F0%9F%98%80%FF", "a=b;c=d");

    public void Run(ReadOnlySpan<byte> input)
    {
        SplitReplay.Require(input, Verdict);
        RoundTrip(input);
        Encodings(input);
    }

    private static string Verdict(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var text = new StringBuilder();
        var pairs = 0;
        byte[] held = [];
        for (var i = 0; i <= pieces.Count; i++)
        {
            var isFinal = i == pieces.Count;
            if (!isFinal) held = [.. held, .. pieces[i].Span];
            var reader = new FormUrlEncodedReader(held, isFinal, int.MaxValue);
            while (reader.TryRead(out var pair)) text.Append($"{++pairs} {pair.GetName()} = {pair.GetValue()}\n");
            held = held[reader.Consumed..];
        }
        Claim.That(held.Length == 0, "a whole form is read to its end");
        return text.ToString();
    }

    private static void RoundTrip(ReadOnlySpan<byte> input)
    {
        var written = new ArrayBufferWriter<byte>();
        var writer = new FormUrlEncodedWriter(written);
        writer.Write(input, input);
        var reader = new FormUrlEncodedReader(written.WrittenSpan);
        Claim.That(reader.TryRead(out var pair), "one pair is written");
        Span<byte> name = new byte[pair.RawName.Length];
        Claim.That(name[..FormUrlEncodedPair.Decode(pair.RawName, name)].SequenceEqual(input), "a name comes back");
        Claim.That(!reader.TryRead(out _), "one pair is read back, and no second");
    }

    private static void Encodings(ReadOnlySpan<byte> input)
    {
        var encoded = new ArrayBufferWriter<byte>();
        PercentEncoding.Encode(input, PercentEncodeSet.Component, encoded);
        Span<byte> decoded = new byte[encoded.WrittenCount];
        Claim.That(decoded[..PercentEncoding.Decode(encoded.WrittenSpan, decoded)].SequenceEqual(input), "percent-encoding as a component comes back");
    }
}
