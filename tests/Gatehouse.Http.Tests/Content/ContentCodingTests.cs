using System.Buffers;
using System.IO.Compression;
using System.Text;
using CsCheck;
using Gatehouse.Http.Content;

namespace Gatehouse.Http.Tests.Content;

public class ContentCodingTests
{
    private static readonly DecodingLimits Wide = new(64 * 1024 * 1024);

    public static TheoryData<ContentCoding> All => [ContentCoding.Gzip, ContentCoding.Deflate, ContentCoding.Brotli, ContentCoding.Zstandard];

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_encoded_in_pieces_decodes_in_any_pieces(ContentCoding coding) =>
        Gen.Select(Gen.Byte[0, 20].Array[0, 5000], Gen.Int[1, 999], Gen.Int[1, 999]).Sample(
            (content, encodeStep, decodeStep) => Decode(coding, Encode(coding, content, encodeStep), decodeStep).AsSpan().SequenceEqual(content),
            iter: 200);

    [Theory]
    [MemberData(nameof(All))]
    public void Large_content_round_trips(ContentCoding coding)
    {
        var content = new byte[3_000_000];
        new Random(5).NextBytes(content.AsSpan(0, 1_000_000));
        Assert.Equal(content, Decode(coding, Encode(coding, content, 65536), 16384));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Each_call_can_be_decoded_at_once(ContentCoding coding)
    {
        using var encoder = ContentEncoder.Create(coding);
        using var decoder = ContentDecoder.Create(coding, Wide);
        for (var i = 0; i < 20; i++)
        {
            var message = Encoding.ASCII.GetBytes($"data: event {i}\n\n");
            var coded = new ArrayBufferWriter<byte>();
            encoder.Transform(message, last: false, coded);
            var plain = new ArrayBufferWriter<byte>();
            decoder.Transform(coded.WrittenSpan, last: false, plain);
            Assert.Equal(message, plain.WrittenSpan.ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_empty_body_is_well_formed(ContentCoding coding)
    {
        Assert.Empty(Decode(coding, Encode(coding, [], 1), 1));
        Assert.Empty(Decode(coding, [], 1));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_body_cut_anywhere_is_noticed(ContentCoding coding)
    {
        foreach (var length in new[] { 0, 1, 300 })
        {
            var content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, length)));
            var coded = Encode(coding, content, 100);
            for (var cut = 1; cut < coded.Length; cut++)
            {
                var fault = Assert.Throws<ContentDecodingException>(() => Decode(coding, coded[..cut], 7));
                Assert.False(fault.IsLimit);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_bomb_is_stopped_by_length_and_by_ratio(ContentCoding coding)
    {
        var bomb = Encode(coding, new byte[20_000_000], 1_000_000);
        var output = new ArrayBufferWriter<byte>();
        using (var decoder = ContentDecoder.Create(coding, new DecodingLimits(100_000, 1_000_000)))
        {
            var fault = Assert.Throws<ContentDecodingException>(() => decoder.Transform(bomb, true, output));
            Assert.True(fault.IsLimit);
            Assert.Contains("100000 bytes", fault.Message);
        }
        Assert.InRange(output.WrittenCount, 100_000, 100_000 + 16384);

        output.Clear();
        using (var decoder = ContentDecoder.Create(coding, new DecodingLimits(long.MaxValue, 50)))
        {
            var fault = Assert.Throws<ContentDecodingException>(() => decoder.Transform(bomb, true, output));
            Assert.True(fault.IsLimit);
            Assert.Contains("50 times", fault.Message);
        }
        Assert.InRange(output.WrittenCount, 0, DecodingLimits.FreeLength + (51 * bomb.Length) + 16384);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Random_bytes_never_do_worse_than_the_one_exception(ContentCoding coding) =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[1, 50]).Sample((bytes, step) =>
        {
            try
            {
                Decode(coding, bytes, step);
            }
            catch (ContentDecodingException)
            {
            }
        }, iter: 2000);

    [Theory]
    [MemberData(nameof(All))]
    public void A_changed_byte_never_does_worse_than_the_one_exception(ContentCoding coding)
    {
        var coded = Encode(coding, Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 500))), 200);
        Gen.Select(Gen.Int[0, coded.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            var changed = (byte[])coded.Clone();
            changed[at] = value;
            try
            {
                Decode(coding, changed, 64);
            }
            catch (ContentDecodingException)
            {
            }
        }, iter: 1000);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Disposing_an_unfinished_body_is_quiet(ContentCoding coding)
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = ContentEncoder.Create(coding);
        encoder.Transform("half"u8, last: false, output);
        encoder.Dispose();
        var decoder = ContentDecoder.Create(coding, Wide);
        decoder.Transform(output.WrittenSpan, last: false, new ArrayBufferWriter<byte>());
        decoder.Dispose();
    }

    [Fact]
    public void Gzip_is_what_others_read_and_write()
    {
        var content = "hello hello hello"u8.ToArray();
        using var reader = new GZipStream(new MemoryStream(Encode(ContentCoding.Gzip, content, 5)), CompressionMode.Decompress);
        var read = new MemoryStream();
        reader.CopyTo(read);
        Assert.Equal(content, read.ToArray());
        // Made by Python's gzip module: two members, as of two files run together.
        var members = Convert.FromHexString("1f8b0800000000000203cb48cdc9c9070086a61036050000001f8b08000000000002034b040043beb7e801000000");
        foreach (var step in new[] { 1, 3, 1000 })
            Assert.Equal("helloa", Encoding.ASCII.GetString(Decode(ContentCoding.Gzip, members, step)));
    }

    [Fact]
    public void Deflate_without_its_zlib_wrapper_is_read_too()
    {
        var content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 500)));
        var coded = new MemoryStream();
        using (var raw = new DeflateStream(coded, CompressionLevel.Optimal, leaveOpen: true))
            raw.Write(content);
        Assert.Equal(content, Decode(ContentCoding.Deflate, coded.ToArray(), 10));
    }

    [Fact]
    public void Deflate_with_a_preset_dictionary_is_refused() =>
        Assert.Throws<ContentDecodingException>(() => Decode(ContentCoding.Deflate, [0x78, 0x20, 1, 2, 3, 4, 5, 6, 7, 8], 100));

    [Fact]
    public void Several_Zstandard_frames_are_one_body()
    {
        byte[] frames = [.. Encode(ContentCoding.Zstandard, "one "u8.ToArray(), 4), .. Encode(ContentCoding.Zstandard, "two"u8.ToArray(), 3)];
        foreach (var step in new[] { 1, 5, 1000 })
            Assert.Equal("one two", Encoding.ASCII.GetString(Decode(ContentCoding.Zstandard, frames, step)));
    }

    [Fact]
    public void A_Zstandard_window_above_8_MB_is_refused()
    {
        // Frame header: magic, no content size, window descriptor for 2^27 bytes; then an empty last block.
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, (27 - 10) << 3, 0x01, 0x00, 0x00];
        Assert.Throws<ContentDecodingException>(() => Decode(ContentCoding.Zstandard, frame, 100));
        frame[5] = (23 - 10) << 3;
        Assert.Empty(Decode(ContentCoding.Zstandard, frame, 100));
    }

    [Fact]
    public void Names_are_found_in_any_case()
    {
        foreach (var coding in Enum.GetValues<ContentCoding>())
        {
            var upper = Encoding.ASCII.GetString(ContentCodings.Name(coding)).ToUpperInvariant();
            Assert.True(ContentCodings.TryParse(Encoding.ASCII.GetBytes(upper), out var found));
            Assert.Equal(coding, found);
        }
        Assert.True(ContentCodings.TryParse("x-gzip"u8, out var gzip));
        Assert.Equal(ContentCoding.Gzip, gzip);
        Assert.False(ContentCodings.TryParse("compress"u8, out _));
    }

    private static byte[] Encode(ContentCoding coding, byte[] content, int step)
    {
        using var encoder = ContentEncoder.Create(coding);
        return Run(encoder, content, step);
    }

    private static byte[] Decode(ContentCoding coding, byte[] content, int step)
    {
        using var decoder = ContentDecoder.Create(coding, Wide);
        return Run(decoder, content, step);
    }

    private static byte[] Run(IBodyTransform transform, byte[] content, int step)
    {
        var output = new ArrayBufferWriter<byte>();
        for (var at = 0; at < content.Length; at += step)
            transform.Transform(content.AsSpan(at, Math.Min(step, content.Length - at)), last: false, output);
        transform.Transform(default, last: true, output);
        return output.WrittenSpan.ToArray();
    }
}
