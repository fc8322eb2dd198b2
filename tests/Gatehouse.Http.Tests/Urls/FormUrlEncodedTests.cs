using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Gatehouse.Http.Urls;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Urls;

public class FormUrlEncodedTests
{
    private static readonly Gen<byte[]> GenBody =
        Gen.OneOf(Gen.OneOf((byte)'&', (byte)'=', (byte)'+', (byte)'%', (byte)'4', (byte)'1', (byte)'a'), Gen.Byte).Array[0, 60];

    [Theory]
    [InlineData("", "")]
    [InlineData("&", "")]
    [InlineData("&&&a=b&&&", "a>b")]
    [InlineData("a", "a>")]
    [InlineData("a=", "a>")]
    [InlineData("=b", ">b")]
    [InlineData("=", ">")]
    [InlineData("a=b=c", "a>b=c")]
    [InlineData("a=1&b=2&a=3", "a>1 b>2 a>3")]
    [InlineData("a%3Db=%26", "a=b>&")]
    [InlineData("a=%", "a>%")]
    [InlineData("a=%4", "a>%4")]
    [InlineData("a=%zz%41", "a>%zzA")]
    [InlineData("a=%2B+%20", "a>+__")]
    [InlineData("a=%E2%82%AC%80", "a>€\ufffd")]
    [InlineData("a;b=c", "a;b>c")] // a semicolon does not separate
    public void Reads(string body, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read(Encoding.UTF8.GetBytes(body)).Select(pair => $"{pair.Name}>{pair.Value.Replace(' ', '_')}")));

    [Fact]
    public void Refuses_more_pairs_than_allowed()
    {
        var reader = new FormUrlEncodedReader("a&&b&c"u8, maxPairs: 2);
        Assert.True(reader.TryRead(out _));
        Assert.True(reader.TryRead(out _));
        try
        {
            reader.TryRead(out _);
            Assert.Fail("The third pair was read.");
        }
        catch (BadRequestException exception)
        {
            Assert.Contains("at most 2 fields", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var body = Encoding.ASCII.GetBytes(string.Join('&', Enumerable.Range(0, 100).Select(index => $"name{index}=value+%41")));
        var destination = new byte[100];
        Sum();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var sum = Sum();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(100 * 7, sum);

        int Sum()
        {
            var reader = new FormUrlEncodedReader(body);
            var length = 0;
            while (reader.TryRead(out var pair))
                length += FormUrlEncodedPair.Decode(pair.RawValue, destination);
            return length;
        }
    }

    [Fact]
    public void A_body_in_two_pieces_reads_as_the_whole() => Gen.Select(GenBody, Gen.Int[0, 60]).Sample((body, split) =>
    {
        split = Math.Min(split, body.Length);
        var pairs = new List<(string, string)>();
        var first = new FormUrlEncodedReader(body.AsSpan(0, split), isFinal: false);
        Collect(ref first, pairs);
        var second = new FormUrlEncodedReader(body.AsSpan(first.Consumed));
        Collect(ref second, pairs);
        return second.Consumed + first.Consumed == body.Length && pairs.SequenceEqual(Read(body));
    });

    [Fact]
    public void Reading_undoes_writing() => Gen.Select(Gen.String, Gen.String).List[0, 8].Sample(pairs =>
    {
        pairs = [.. pairs.Select(pair => (Clean(pair.Item1), Clean(pair.Item2)))];
        return Read(Write(pairs)).SequenceEqual(pairs);
        static string Clean(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    });

    [Fact]
    public void Writes() => Assert.Equal(
        "a+b=c%26d&%E2%82%AC=*-._&=&x=%7E%21%27%28%29%2B",
        Encoding.ASCII.GetString(Write([("a b", "c&d"), ("€", "*-._"), ("", ""), ("x", "~!'()+")])));

    [Fact]
    public void Agrees_with_web_platform_tests()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(Corpora.Folder("wpt-url"), "urlencoded-parser-data.json")));
        Assert.NotEqual(0, cases.RootElement.GetArrayLength());
        Assert.All(cases.RootElement.EnumerateArray(), element => Assert.Equal(
            element.GetProperty("output").EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetString()!)),
            Read(Encoding.UTF8.GetBytes(element.GetProperty("input").GetString()!))));
    }

    private static List<(string Name, string Value)> Read(ReadOnlySpan<byte> body)
    {
        var pairs = new List<(string, string)>();
        var reader = new FormUrlEncodedReader(body);
        Collect(ref reader, pairs);
        Assert.Equal(body.Length, reader.Consumed);
        return pairs;
    }

    private static void Collect(ref FormUrlEncodedReader reader, List<(string, string)> pairs)
    {
        while (reader.TryRead(out var pair))
            pairs.Add((pair.GetName(), pair.GetValue()));
    }

    private static byte[] Write(IEnumerable<(string Name, string Value)> pairs)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new FormUrlEncodedWriter(output);
        foreach (var (name, value) in pairs)
            writer.Write(name, value);
        return output.WrittenSpan.ToArray();
    }
}
