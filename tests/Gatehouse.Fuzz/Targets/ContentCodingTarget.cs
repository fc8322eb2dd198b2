using System.Buffers;
using System.IO.Compression;
using System.Text;
using Gatehouse.Http.Content;

namespace Gatehouse.Fuzz.Targets;

/// <summary>Compressed bodies: the same content or fault however they arrive, and never more than the limit allows.</summary>
internal sealed class ContentCodingTarget : IFuzzTarget
{
    private const int MaxLength = 256 * 1024;

    private static readonly ContentCoding[] Codings = [ContentCoding.Gzip, ContentCoding.Deflate, ContentCoding.Brotli, ContentCoding.Zstandard];
    private static readonly byte[] Text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("the quick brown fox jumps over the lazy dog; ", 40)));

    public string Name => "content-coding";

    // The first byte of an input says which coding the rest is in.
    public IEnumerable<byte[]> Seeds => Codings.SelectMany((coding, index) => new byte[][]
    {
        [(byte)index, .. Encode(coding, Text)],
        [(byte)index, .. Encode(coding, [])],
        [(byte)index, .. Encode(coding, new byte[MaxLength + 1])],
    });

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        var coding = Codings[input[0] % Codings.Length];
        SplitReplay.Require(input[1..], pieces => Verdict(coding, pieces));
    }

    private static string Verdict(ContentCoding coding, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        using var decoder = ContentDecoder.Create(coding, new DecodingLimits(MaxLength));
        var output = new ArrayBufferWriter<byte>();
        try
        {
            foreach (var piece in pieces) decoder.Transform(piece.Span, last: false, output);
            decoder.Transform([], last: true, output);
        }
        catch (ContentDecodingException e)
        {
            // Which fault of several is met first, the form or the limit, and how much came before it, depends on the pieces; that there is one does not.
            Claim.That(output.WrittenCount <= MaxLength + 64 * 1024, $"at most a buffer above the limit; {output.WrittenCount} bytes came");
            return $"refused{(e.Message.Length > 0 ? "" : " without a reason")}";
        }
        return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(output.WrittenSpan));
    }

    private static byte[] Encode(ContentCoding coding, byte[] content)
    {
        using var coded = new MemoryStream();
        using (Stream encoder = coding switch
        {
            ContentCoding.Gzip => new GZipStream(coded, CompressionLevel.Fastest, leaveOpen: true),
            ContentCoding.Deflate => new ZLibStream(coded, CompressionLevel.Fastest, leaveOpen: true),
            ContentCoding.Brotli => new BrotliStream(coded, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZstdSharp.CompressionStream(coded, leaveOpen: true),
        })
        {
            encoder.Write(content);
        }
        return coded.ToArray();
    }
}
