using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Gatehouse.Http.Urls;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Urls;

public class PercentEncodingTests
{
    private static readonly PercentEncodeSet[] Sets =
    [
        PercentEncodeSet.C0Control, PercentEncodeSet.Fragment, PercentEncodeSet.Query, PercentEncodeSet.SpecialQuery, PercentEncodeSet.Path,
        PercentEncodeSet.UserInfo, PercentEncodeSet.Component, PercentEncodeSet.FormUrlEncoded, PercentEncodeSet.DecodedPath,
    ];

    /// <summary>What each set adds to controls and bytes outside of ASCII, written out from the standard.</summary>
    [Fact]
    public void Sets_hold_what_the_standard_says()
    {
        string[] expected =
        [
            "",
            " \"<>`",
            " \"#<>",
            " \"#'<>",
            " \"#<>?^`{}",
            " \"#/:;<=>?@[\\]^`{|}",
            " \"#$%&+,/:;<=>?@[\\]^`{|}",
            " !\"#$%&'()+,/:;<=>?@[\\]^`{|}~",
            " \"#%<>?[\\]^`{|}",
        ];
        for (var set = 0; set < Sets.Length; set++)
        {
            var printable = string.Concat(Enumerable.Range(0x20, 0x5f).Where(value => Sets[set].Contains((byte)value)).Select(value => (char)value));
            Assert.Equal(expected[set], printable);
            Assert.All(Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7f, 0x81)), value => Assert.True(Sets[set].Contains((byte)value)));
        }
    }

    // The examples of the standard's section 1.3.
    [Theory]
    [InlineData("%25%s%1G", "%%s%1G")]
    [InlineData("‽%25%2E", "‽%.")]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%%41", "%A")]
    [InlineData("%00", "\0")]
    [InlineData("%e2%80%BD", "‽")]
    [InlineData("", "")]
    public void Decodes(string input, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(input);
        Assert.Equal(expected, Encoding.UTF8.GetString(bytes, 0, PercentEncoding.Decode(bytes, bytes)));
    }

    [Theory]
    [InlineData(" ", "%20")]
    [InlineData("≡", "%E2%89%A1")]
    [InlineData("Say what‽", "Say%20what%E2%80%BD")]
    [InlineData("a/b", "a%2Fb")]
    public void Encodes_user_info(string input, string expected) =>
        Assert.Equal(expected, Encode(Encoding.UTF8.GetBytes(input), PercentEncodeSet.UserInfo));

    [Fact]
    public void Decoding_refuses_a_short_destination() => Assert.Throws<ArgumentException>(() => PercentEncoding.Decode("ab"u8, new byte[1]));

    [Fact]
    public void Decoding_undoes_encoding_where_the_percent_sign_is_encoded() =>
        Gen.Select(Gen.Byte.Array, Gen.OneOf(PercentEncodeSet.Component, PercentEncodeSet.FormUrlEncoded, PercentEncodeSet.DecodedPath)).Sample((bytes, set) =>
        {
            var encoded = Encoding.ASCII.GetBytes(Encode(bytes, set));
            var decoded = new byte[encoded.Length];
            return decoded.AsSpan(0, PercentEncoding.Decode(encoded, decoded)).SequenceEqual(bytes);
        });

    [Fact]
    public void Both_ways_of_encoding_agree() => Gen.Select(Gen.Byte.Array, Gen.OneOf(Sets)).Sample((bytes, set) =>
    {
        var destination = new byte[bytes.Length * 3];
        return PercentEncoding.TryEncode(bytes, set, destination, out var written)
            && Encoding.ASCII.GetString(destination, 0, written) == Encode(bytes, set)
            && (written == 0 || !PercentEncoding.TryEncode(bytes, set, destination.AsSpan(0, written - 1), out _));
    });

    /// <summary>The cases of UTF-8; Gatehouse writes no other encoding. They are of the special-query set.</summary>
    [Fact]
    public void Agrees_with_web_platform_tests()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(Corpora.Folder("wpt-url"), "percent-encoding.json")));
        var objects = cases.RootElement.EnumerateArray().Where(element => element.ValueKind == JsonValueKind.Object).ToArray();
        Assert.NotEmpty(objects);
        Assert.All(objects, element => Assert.Equal(
            element.GetProperty("output").GetProperty("utf-8").GetString(),
            Encode(Encoding.UTF8.GetBytes(element.GetProperty("input").GetString()!), PercentEncodeSet.SpecialQuery)));
    }

    private static string Encode(ReadOnlySpan<byte> bytes, PercentEncodeSet set)
    {
        var output = new ArrayBufferWriter<byte>();
        PercentEncoding.Encode(bytes, set, output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }
}
