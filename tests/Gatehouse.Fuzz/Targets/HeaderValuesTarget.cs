using Gatehouse.Http.Conditional;
using Gatehouse.Http.Content;
using Gatehouse.Http.Negotiation;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Values of fields that handlers look into: lists, parameters, media types, negotiation and ranges.</summary>
internal sealed class HeaderValuesTarget : IFuzzTarget
{
    private static readonly byte[][] MediaTypes = ["text/html"u8.ToArray(), "application/json"u8.ToArray(), "image/webp"u8.ToArray()];
    private static readonly byte[][] Languages = ["en"u8.ToArray(), "de-CH"u8.ToArray()];
    private static readonly ContentCoding[] Codings = [ContentCoding.Zstandard, ContentCoding.Brotli, ContentCoding.Gzip, ContentCoding.Identity];
    private static readonly long[] Lengths = [0, 1, 1000, long.MaxValue];

    public string Name => "header-values";

    public IEnumerable<byte[]> Seeds => Targets.Seeds.Of(
        "text/html;charset=\"utf-8\"", "text/html, application/xhtml+xml;q=0.9, */*;q=0.8", "gzip, deflate, br;q=1.0, zstd;q=0, *;q=0", "identity;q=0, *",
        "en-US,en;q=0.5", "*", "\"a\", W/\"b\", \"\"",
        "bytes=0-499", "bytes=-500", "bytes=500-", "bytes=0-0,-1", "bytes=500-600,601-999", "bytes=0-9,5-14,20-29",
        "multipart/form-data; boundary=\"a b\\\"c\"", "a;b=\"c\\\\\";d", ", ,a,,\"b,c\";d=e,");

    public void Run(ReadOnlySpan<byte> input)
    {
        Lists(input);
        var headers = Table(input);
        foreach (var offer in MediaTypes) Claim.That(Accept.WeightOf(headers, offer) is >= 0 and <= 1000, "a weight from 0 to 1000");
        Claim.That(Accept.Choose(headers, MediaTypes) < MediaTypes.Length, "one of the offered media types");
        Claim.That(AcceptLanguage.Lookup(headers, Languages) < Languages.Length, "one of the offered languages");
        var encoding = AcceptEncoding.Parse(headers);
        if (encoding.TryChoose(Codings, out var coding)) Claim.That(encoding.WeightOf(coding) > 0, $"{coding} was chosen and is acceptable");
        if (MediaType.TryParse(input, out var type))
            Claim.That(HeaderSyntax.IsToken(type.Type) && HeaderSyntax.IsToken(type.Subtype), "type and subtype are tokens");
        foreach (var length in Lengths) Ranges(input, length);
    }

    private static void Lists(ReadOnlySpan<byte> input)
    {
        var items = 0;
        foreach (var member in new HeaderListReader(input))
        {
            items++;
            var parameters = new HeaderParameters(member);
            Span<byte> value = new byte[input.Length];
            while (parameters.MoveNext())
                if (parameters.IsWellFormed) HeaderSyntax.TryUnquote(parameters.Value, value, out _);
        }
        Claim.That(items <= input.Length, "no more members than bytes");
        if (EntityTag.IsValid(input)) Claim.That(EntityTag.WeakEquals(input, input), "an entity tag is its own equal");
    }

    private static void Ranges(ReadOnlySpan<byte> input, long length)
    {
        Span<ByteRange> ranges = stackalloc ByteRange[RangeField.DefaultLimit];
        var outcome = RangeField.Parse(input, length, ranges, out var count);
        Claim.That(outcome == RangeOutcome.Partial == count > 0, $"{outcome} with {count} ranges");
        var last = 0L;
        foreach (var range in ranges[..count])
        {
            Claim.That(range.First >= 0 && range.Length > 0 && range.Last < length, $"{range} lies within {length} bytes");
            last += range.Length;
        }
        Claim.That(last <= length, $"ranges sum up to {last} of {length} bytes: no more is sent than the whole");
    }

    private static HeaderTable Table(ReadOnlySpan<byte> value)
    {
        var headers = new HeaderTable();
        headers.Reset(value.ToArray());
        headers.Add(KnownHeader.Accept, 0, 0, 0, value.Length);
        headers.Add(KnownHeader.AcceptEncoding, 0, 0, 0, value.Length);
        headers.Add(KnownHeader.AcceptLanguage, 0, 0, 0, value.Length);
        return headers;
    }
}
