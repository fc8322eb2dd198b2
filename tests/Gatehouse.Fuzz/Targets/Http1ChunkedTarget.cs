using System.Text;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Chunked bodies: the same data, end, trailers or fault however they arrive, and never more data than bytes.</summary>
internal sealed class Http1ChunkedTarget : IFuzzTarget
{
    public string Name => "http1-chunked";

    public IEnumerable<byte[]> Seeds => Http1Seeds.ChunkedBodies;

    public void Run(ReadOnlySpan<byte> input) => SplitReplay.Require(input, Verdict);

    private static string Verdict(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var decoder = new Http1ChunkedDecoder(Http1Limits.Default);
        decoder.Reset();
        var data = new StringBuilder();
        var taken = 0L;
        foreach (var piece in pieces)
        {
            for (var rest = piece.Span; ;)
            {
                var status = decoder.Decode(rest, out var consumed, out var slice);
                Claim.That(consumed >= 0 && consumed <= rest.Length, $"consumed {consumed} of {rest.Length}");
                Claim.That(slice.Length == 0 || (slice.Start >= 0 && slice.End <= consumed), $"data {slice} lies within the {consumed} bytes consumed");
                data.Append(Encoding.Latin1.GetString(rest.Slice(slice.Start, slice.Length)));
                taken += consumed;
                if (status == ParseStatus.Failed) return $"refused with {decoder.Error!.Status}, data {data}";
                if (status == ParseStatus.Done) return Done(decoder, taken, data);
                if (consumed == rest.Length) break;
                Claim.That(consumed > 0, "a decoder that needs more takes what it has");
                rest = rest[consumed..];
            }
        }
        return $"more, data {data}";
    }

    private static string Done(Http1ChunkedDecoder decoder, long taken, StringBuilder data)
    {
        var text = new StringBuilder($"done after {taken}, data {data}");
        if (decoder.Trailers is { } trailers) HeadVerdict.Describe(trailers, text);
        return text.ToString();
    }
}
