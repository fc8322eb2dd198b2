using System.Text;
using CsCheck;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;
using Gatehouse.Protocols.Http2;
using Gatehouse.Protocols.Http2.Hpack;

namespace Gatehouse.Protocols.Tests.Http2;

public sealed class HpackTests
{
    private static readonly Gen<string> Name = Gen.OneOf(
        Gen.Int[1, KnownHeaders.Count - 1].Select(known => Encoding.ASCII.GetString(KnownHeaders.LowerName((KnownHeader)known))),
        Gen.String[Gen.Char['a', 'z'], 1, 30]);

    private static readonly Gen<string> Value = Gen.OneOf(Gen.String[Gen.Char[' ', '~'], 0, 60], Gen.String[Gen.Char['\u0080', '\u00ff'], 0, 300], Gen.Const("same"));

    [Fact]
    public void Any_bytes_survive_the_huffman_code() => Gen.Byte.Array[0, 400].Sample(text =>
    {
        var encoded = new byte[HpackHuffman.EncodedLength(text)];
        HpackHuffman.Encode(text, encoded);
        var decoded = new byte[(encoded.Length * 8 / 5) + 1];
        Assert.Equal(text.Length, HpackHuffman.Decode(encoded, decoded));
        Assert.Equal(text, decoded.AsSpan(0, text.Length).ToArray());
    }, iter: 3000);

    [Theory]
    [InlineData("ff", "eight bits of padding")]
    [InlineData("1fff", "a code and eight bits of padding")]
    [InlineData("fffffffc", "the end of the string")]
    [InlineData("3fffffff", "a symbol and then the end of the string")]
    [InlineData("18", "padding with zeros")]
    [InlineData("fffffe", "a long code cut off")]
    public void Bad_padding_is_refused(string hex, string what)
    {
        var encoded = Convert.FromHexString(hex);
        Assert.True(HpackHuffman.Decode(encoded, new byte[64]) == HpackHuffman.Invalid, what);
    }

    [Theory]
    [InlineData("80", "index 0")]
    [InlineData("be", "an index that is not there")]
    [InlineData("ffffffffff7f", "an integer too large")]
    [InlineData("ff80", "an integer cut off")]
    [InlineData("40", "a literal without name")]
    [InlineData("4001", "a name cut off")]
    [InlineData("400161", "a literal without value")]
    [InlineData("7e0161", "a name that is not there")]
    [InlineData("823f01", "a change of size behind a field")]
    [InlineData("3fe21f", "a table of 4,097 bytes")]
    [InlineData("0081ff00", "padding of a whole byte")]
    public void What_cannot_be_decoded_ends_the_connection(string hex, string what)
    {
        var fault = FieldList.FaultOf(new HpackDecoder(), Convert.FromHexString(hex));
        Assert.True(fault.Code == Http2ErrorCode.CompressionError && !fault.IsStream, $"{what}: {fault}");
    }

    [Fact]
    public void What_is_encoded_comes_back() => Gen.Select(Gen.Select(Name, Value).Array[0, 12].Array[1, 8], Gen.Int[0, 5000].Array[8]).Sample((blocks, sizes) =>
    {
        var encoder = new HpackEncoder();
        var decoder = new HpackDecoder();
        for (var i = 0; i < blocks.Length; i++)
        {
            if (sizes[i] % 3 == 0)
                encoder.SetPeerTableSize(sizes[i]);
            if (sizes[i] % 6 == 0)
                encoder.SetPeerTableSize(sizes[i] / 2);
            var to = new byte[blocks[i].Sum(field => field.Item1.Length + field.Item2.Length + HpackEncoder.FieldOverhead) + HpackEncoder.BeginBytes];
            var at = encoder.Begin(to);
            foreach (var (name, value) in blocks[i])
                at += encoder.Field(to.AsSpan(at), new HeaderField(KnownHeaders.Find(Encoding.Latin1.GetBytes(name)), Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value)));
            Assert.Equal(blocks[i], FieldList.Decode(decoder, to[..at]));
        }
    }, iter: 1000);

    [Fact]
    public void Random_bytes_are_decoded_or_refused() => Gen.Byte.Array[0, 200].Array[1, 4].Sample(blocks =>
    {
        var decoder = new HpackDecoder();
        foreach (var block in blocks)
        {
            if (!FieldList.FaultOf(decoder, block).IsNone)
                return;
            Assert.InRange(decoder.TableSize, 0, Http2Protocol.TableBytes);
        }
    }, iter: 5000);

    [Fact]
    public void Secrets_are_never_indexed()
    {
        var to = new byte[100];
        var encoder = new HpackEncoder();
        Assert.Equal(0x1F, to[0] = Pattern(encoder, KnownHeader.SetCookie));
        Assert.Equal(0x1F, Pattern(encoder, KnownHeader.Authorization));
        Assert.Equal(0x1F, Pattern(encoder, KnownHeader.Cookie));
        Assert.Equal(0x0F, Pattern(encoder, KnownHeader.ETag));
        Assert.Equal(0x40 | 31, Pattern(encoder, KnownHeader.ContentType));
        Assert.Equal(0x80 | 62, Pattern(encoder, KnownHeader.ContentType));
    }

    [Fact]
    public void A_block_that_expands_without_measure_is_a_bomb_and_costs_little()
    {
        // One entry of nearly 4 KB, then references to it of one byte each.
        var large = new byte[4000];
        large.AsSpan().Fill((byte)'a');
        var block = new List<byte> { 0x40, 1, (byte)'x', 0x7F };
        block.AddRange(Convert.FromHexString("a11e"));
        block.AddRange(large);
        block.AddRange(Enumerable.Repeat((byte)0xBE, 12_000));
        var section = new Http2FieldSection();
        section.Begin(Http2SectionKind.Request, Http1Limits.Default);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = new HpackDecoder().Decode(block.ToArray(), section);
        Assert.Equal(Http2ErrorCode.EnhanceYourCalm, fault.Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 300_000);
    }

    [Fact]
    public void Fields_beyond_the_limit_are_dropped_and_the_table_stays_right()
    {
        var encoder = new HpackEncoder();
        var decoder = new HpackDecoder();
        var limits = new Http1Limits { HeadBytes = 200, Fields = 3 };
        var block = new byte[2000];
        var at = HpackEncoder.Method(block, "GET"u8);
        for (var i = 0; i < 5; i++)
            at += encoder.Field(block.AsSpan(at), KnownHeader.Accept, Encoding.ASCII.GetBytes($"type/{i}-and-so-on-and-so-on"));
        var section = FieldList.Section(decoder, block.AsSpan(0, at), limits: limits);
        Assert.True(section.IsTooLarge);
        Assert.Equal(2, section.Fields.Count);
        at = encoder.Field(block, KnownHeader.Accept, "type/4-and-so-on-and-so-on"u8);
        Assert.Equal(1, at);
        Assert.Equal([("accept", "type/4-and-so-on-and-so-on")], FieldList.Decode(decoder, block[..at]));
    }

    [Fact]
    public void Nothing_is_allocated_once_both_sides_are_warm()
    {
        var encoder = new HpackEncoder();
        var decoder = new HpackDecoder();
        var section = new Http2FieldSection();
        var to = new byte[1000];
        for (var i = 0; i < 20; i++)
            RoundTrip(encoder, decoder, section, to, i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            RoundTrip(encoder, decoder, section, to, i);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void RoundTrip(HpackEncoder encoder, HpackDecoder decoder, Http2FieldSection section, byte[] to, int round)
    {
        var at = encoder.Begin(to);
        at += HpackEncoder.Method(to.AsSpan(at), "GET"u8);
        at += HpackEncoder.Scheme(to.AsSpan(at), isHttps: true);
        at += encoder.Authority(to.AsSpan(at), "www.example.com"u8);
        at += HpackEncoder.Path(to.AsSpan(at), "/a/path?with=query"u8);
        at += encoder.Field(to.AsSpan(at), KnownHeader.UserAgent, round % 2 == 0 ? "one"u8 : "another"u8);
        Span<byte> date = stackalloc byte[29];
        date.Fill((byte)('a' + (round % 26)));
        at += encoder.Field(to.AsSpan(at), KnownHeader.Date, date);
        at += HpackEncoder.Number(to.AsSpan(at), KnownHeader.ContentLength, round);
        section.Begin(Http2SectionKind.Request, Http1Limits.Default);
        if (!decoder.Decode(to.AsSpan(0, at), section).IsNone || section.FinishRequest() is not null || section.ContentLength != round)
            throw new InvalidOperationException(section.Malformed);
    }

    private static byte Pattern(HpackEncoder encoder, KnownHeader known)
    {
        var to = new byte[100];
        encoder.Field(to, known, "value"u8);
        return to[0];
    }
}
