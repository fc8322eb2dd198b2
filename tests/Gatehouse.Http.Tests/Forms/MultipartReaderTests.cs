using System.Diagnostics;
using System.Text;
using CsCheck;
using Gatehouse.Http.Forms;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Forms;

public class MultipartReaderTests
{
    private const string Head = "Content-Disposition: form-data; name=a\r\n\r\n";

    // In each body, ~ stands for CRLF, and the boundary is "b".
    [Theory]
    [InlineData("--b--", "end")]
    [InlineData("--b--~", "end")]
    [InlineData("~--b--~", "end")]
    [InlineData("preamble~more~--b--epilogue~--b~", "end")]
    [InlineData("--b~Content-Disposition: form-data; name=\"a\"~~value~--b--~", "[a|-|]value/end")]
    [InlineData("--b \t ~Content-Disposition: form-data; name=a~~value~--b--~", "[a|-|]value/end")]
    [InlineData("--b~~value~--b--", "[-|-|]value/end")]
    [InlineData("--b~~~--b--", "[-|-|]/end")]
    [InlineData("--b~~--b--", "[-|-|]/end")]
    [InlineData("--b~X: y~~--b--", "[-|-|]/end")]
    [InlineData("--b~~~~~--b--", "[-|-|]\r\n\r\n/end")]
    [InlineData("--b~~\r~--b--", "[-|-|]\r/end")]
    [InlineData("--b~~\n~--b--", "[-|-|]\n/end")]
    [InlineData("--b~~~-~--~--c~--b--", "[-|-|]\r\n-\r\n--\r\n--c/end")]
    [InlineData("--b~~-~--b--", "[-|-|]-/end")]
    [InlineData("--b~~-- b~--b--", "[-|-|]-- b/end")]
    [InlineData("--b~~x--b--~--b--", "[-|-|]x--b--/end")]
    [InlineData("--b~~x\n--b--~--b--", "[-|-|]x\n--b--/end")]
    [InlineData("--b~~x\r--b--~--b--", "[-|-|]x\r--b--/end")]
    [InlineData("--b~~x\r~--b--", "[-|-|]x\r/end")]
    [InlineData("--b~~1~--b~~2~--b~~3~--b--", "[-|-|]1/[-|-|]2/[-|-|]3/end")]
    [InlineData("--b~content-type:text/plain;charset=x~CONTENT-DISPOSITION:form-data;NAME=a;FileName=f~~v~--b--", "[a|f|text/plain;charset=x]v/end")]
    [InlineData("--b~Content-Disposition: form-data;~\tname=\"a b\";~  filename=c~~v~--b--", "[a b|c|]v/end")]
    public void Takes_bodies_apart(string body, string expected) => Check(body, expected);

    [Theory]
    [InlineData("", "no delimiter line")]
    [InlineData("preamble", "no delimiter line")]
    [InlineData("A--b~~x~", "no delimiter line")]
    [InlineData("--b", "before its closing delimiter")]
    [InlineData("--b-", "before its closing delimiter")]
    [InlineData("--b~", "before its closing delimiter")]
    [InlineData("--b~X: y", "before its closing delimiter")]
    [InlineData("--b~~value", "value 400: the multipart body ended before its closing delimiter")]
    [InlineData("--b~~value~--", "value 400: the multipart body ended before its closing delimiter")]
    [InlineData("--b~~value~--b", "value/ 400: the multipart body ended before its closing delimiter")]
    [InlineData("--bc~~value~--b--", "expected CRLF or \"--\" behind a boundary, found byte 0x63")]
    [InlineData("--b\n\nvalue\n--b--", "found byte 0x0A")]
    [InlineData("--b-~", "found byte 0x0D")]
    [InlineData("--b -- ~", "found byte 0x2D")]
    [InlineData("--b\rX", "found byte 0x58")]
    [InlineData("--b~X: y\n\nvalue~--b--", "ended before")]
    [InlineData("--b~--b--", "ended before")]
    [InlineData("--b~no colon~~~--b--", "expected a field name and a colon")]
    [InlineData("--b~: x~~~--b--", "expected a field name and a colon")]
    [InlineData("--b~X : x~~~--b--", "expected a field name and a colon")]
    [InlineData("--b~ X: x~~~--b--", "expected a field name and a colon")]
    [InlineData("--b~X: a\0b~~~--b--", "control characters")]
    [InlineData("--b~X: a\rb~~~--b--", "control characters")]
    [InlineData("--b~X: a\nb~~~--b--", "control characters")]
    [InlineData("--b~Content-Disposition: form-data; name=a~Content-Disposition: form-data; name=b~~~--b--", "one Content-Disposition")]
    [InlineData("--b~Content-Type: a/b~Content-Type: a/c~~~--b--", "one Content-Type")]
    public void Refuses_what_readers_could_take_in_two_ways(string body, string fault)
    {
        foreach (var pieces in Splits.Of(Bytes(body)))
            Assert.Contains(fault, MultipartTranscript.Of(pieces, "b"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name=a", "a", null)]
    [InlineData("name=\"\"", "", null)]
    [InlineData("name=", "", null)]
    [InlineData(" name = \"a\" ;; filename = \"f\" ; ", "a", "f")]
    [InlineData("name=a;filename=\"\"", "a", "")]
    [InlineData("name=\"a;b=c\"", "a;b=c", null)]
    [InlineData("name=a b c", "a b c", null)]
    [InlineData("filename=genome.jpeg; modification-date=\"Wed, 12 Feb 1997 16:29:51 -0500\"; name=x", "x", "genome.jpeg")]
    [InlineData(@"name=""a\""b\\c""", @"a""b\c", null)]
    [InlineData(@"name=a; filename=""C:\dir\file.txt""", "a", @"C:\dir\file.txt")]
    [InlineData(@"name=a; filename=""\\server\file.txt""", "a", @"\server\file.txt")]
    [InlineData(@"name=a; filename=""\""""", "a", "\"")]
    [InlineData("name=\"%22%0D%0a%00%41%%2\"", "\"\r\n%00%41%%2", null)]
    [InlineData("name=%22", "%22", null)]
    [InlineData("name=a; filename*=utf-8'en'%e2%82%ac%20x", "a", "\u00e2\u0082\u00ac x")]
    [InlineData("name=a; filename*=ISO-8859-1''%a3", "a", "\u00c2\u00a3")]
    [InlineData("name=a; filename*=UTF-8''bar; filename=foo", "a", "foo")]
    [InlineData("name=\"\u00c3\u00a9\"", "\u00c3\u00a9", null)]
    [InlineData("Name=a; other=\"\\\\\"", "a", null)]
    public void Reads_the_parameters_of_Content_Disposition(string parameters, string name, string? fileName)
    {
        var expected = $"[{name}|{fileName ?? "-"}|]v/end";
        foreach (var pieces in Splits.Of(Encoding.Latin1.GetBytes($"--b\r\nContent-Disposition: form-data;{parameters}\r\n\r\nv\r\n--b--")))
            Assert.Equal(expected, MultipartTranscript.Of(pieces, "b"));
    }

    [Theory]
    [InlineData("name=\"a", "expected parameters")]
    [InlineData("name=\"a\"b", "expected parameters")]
    [InlineData("name=\"a\\\"", "expected parameters")]
    [InlineData("name=a\"b\"", "expected parameters")]
    [InlineData("filename=\"escape \"quotes\"", "expected parameters")]
    [InlineData("name", "expected parameters")]
    [InlineData("=a", "expected parameters")]
    [InlineData("na me=a", "expected parameters")]
    [InlineData("name=a; name=b", "one name at most")]
    [InlineData("filename=a; FILENAME=b", "one filename at most")]
    [InlineData("filename*=utf-8''a; filename*=utf-8''b", "one filename* at most")]
    [InlineData("filename*=utf-8'a", "filename*=UTF-8")]
    [InlineData("filename*=a", "filename*=UTF-8")]
    [InlineData("filename*=utf-7''a", "filename*=UTF-8")]
    [InlineData("filename*=utf-8''a%00b", "without NUL")]
    public void Refuses_parameters_that_are_none(string parameters, string fault)
    {
        var body = Bytes($"--b~Content-Disposition: form-data; {parameters}~~v~--b--");
        Assert.Contains(fault, MultipartTranscript.Of(Splits.Whole(body), "b"), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_place_to_cut_gives_the_same()
    {
        var body = Bytes("x~--bound~" + Head + "~--boun~-\r\r~--bound \t~X: y~Z: w~~~--bound~~\r~--bound--~--bound");
        var whole = MultipartTranscript.Of(Splits.Whole(body), "bound");
        Assert.EndsWith("\r/end", whole, StringComparison.Ordinal);
        foreach (var pieces in Splits.EveryCut(body))
            Assert.Equal(whole, MultipartTranscript.Of(pieces, "bound"));
    }

    [Fact]
    public void Bounds_the_boundary()
    {
        Assert.True(MultipartReader.IsBoundary("a"u8));
        Assert.True(MultipartReader.IsBoundary("a b'()+_,-./:=?9"u8));
        Assert.True(MultipartReader.IsBoundary(new byte[70].Select(_ => (byte)'x').ToArray()));
        foreach (var bad in new[] { "", "a ", "a\"b", "a\r\nb", "a;b", "\u00e9", new string('x', 71) })
        {
            Assert.False(MultipartReader.IsBoundary(Encoding.Latin1.GetBytes(bad)), bad);
            Assert.Throws<ArgumentException>(() => new MultipartReader(Encoding.Latin1.GetBytes(bad)));
        }
    }

    [Fact]
    public void Bounds_the_head_of_a_part()
    {
        var limits = new MultipartLimits { PartHeadBytes = 100 };
        var fits = "X: " + new string('y', 100 - 3 - 4) + "\r\n\r\n";
        Assert.Equal("[-|-|]v/end", MultipartTranscript.Of(Splits.Whole(Bytes($"--b~{fits}v~--b--")), "b", limits));
        foreach (var head in new[] { "X" + fits, new string('y', 101), string.Concat(Enumerable.Repeat("a: b\r\n", 1000)) })
        {
            foreach (var pieces in Splits.Of(Bytes($"--b~{head}v~--b--")))
                Assert.Contains(" 413: the head of a part is longer than 100 bytes", MultipartTranscript.Of(pieces, "b", limits), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bounds_the_number_of_parts()
    {
        var limits = new MultipartLimits { Parts = 3 };
        string Read(int parts) => MultipartTranscript.Of(Splits.Whole(Bytes(string.Concat(Enumerable.Repeat("--b~~x~", parts)) + "--b--")), "b", limits);
        Assert.EndsWith("/end", Read(3), StringComparison.Ordinal);
        Assert.EndsWith("413: the multipart body has more than 3 parts, the limit", Read(4), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_is_read_in_any_split()
    {
        var content = Gen.OneOf(Gen.Byte.Array[0, 60], Gen.OneOf((byte)'\r', (byte)'\n', (byte)'-', (byte)'b', (byte)'o').Array[0, 60]);
        var parts = content.Array[0, 6];
        Gen.Select(parts, Gen.Int).Sample((contents, seed) =>
        {
            const string Boundary = "bo";
            var body = new List<byte>();
            var expected = new StringBuilder();
            foreach (var bytes in contents)
            {
                if (bytes.AsSpan().IndexOf("\r\n--bo"u8) >= 0 || bytes.AsSpan().StartsWith("--bo"u8))
                    return;
                body.AddRange("--bo\r\n\r\n"u8.ToArray().Concat(bytes).Concat("\r\n"u8.ToArray()));
                expected.Append("[-|-|]").Append(Encoding.Latin1.GetString(bytes)).Append('/');
            }
            body.AddRange("--bo--"u8);
            foreach (var pieces in Splits.Of([.. body], random: 3, seed))
                Assert.Equal(expected + "end", MultipartTranscript.Of(pieces, Boundary));
        });
    }

    [Fact]
    public void Any_bytes_in_any_split_come_to_the_same_and_nothing_throws()
    {
        var token = Gen.OneOf(
            "--b", "\r\n", "\r", "\n", "--", "-", "b", "x", ": ", " ", "\0", "Content-Disposition: form-data", "; name=", "\"", "\\", "; filename=", "a", "\r\n\r\n");
        var bodies = Gen.OneOf(Gen.Byte.Array[0, 100], token.Array[0, 30].Select(tokens => Encoding.Latin1.GetBytes("--b\r\n" + string.Concat(tokens))));
        Gen.Select(bodies, Gen.Int).Sample((body, seed) =>
        {
            // The content before a fault depends on where a head or body was cut; the fault does not, nor does anything without one.
            var whole = MultipartTranscript.Of(Splits.Whole(body), "b");
            foreach (var pieces in Splits.Of(body, random: 3, seed))
                Assert.Equal(whole, MultipartTranscript.Of(pieces, "b"));
        });
    }

    public static TheoryData<string, byte[]> HostileContent() => new()
    {
        { "carriage returns", Enumerable.Repeat((byte)'\r', Size).ToArray() },
        { "line ends", Repeat("\r\n") },
        { "starts of the delimiter", Repeat("\r\n--" + LongBoundary[..^1]) },
        { "overlapping starts", Repeat("\r\r\n\r\n-\r\n--") },
        { "last characters of the delimiter", Repeat("\r" + new string('x', 80)) },
        { "dashes", Repeat("-") },
    };

    private const int Size = 8 * 1024 * 1024;

    private static readonly string LongBoundary = new string('-', 69) + "x";

    [Theory]
    [MemberData(nameof(HostileContent), DisableDiscoveryEnumeration = true)]
    public void Work_is_linear_in_hostile_content(string what, byte[] content)
    {
        // 8 MB in pieces of 1 KB. A quadratic search would take minutes; the bound leaves room for a busy machine.
        var watch = Stopwatch.StartNew();
        byte[] body = [.. Encoding.ASCII.GetBytes($"--{LongBoundary}\r\n\r\n"), .. content, .. Encoding.ASCII.GetBytes($"\r\n--{LongBoundary}--")];
        var length = Run(body, LongBoundary, 1024, out var parts);
        Assert.Equal((content.Length, 1), (length, parts));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{what}: {watch.Elapsed}");
    }

    [Fact]
    public void Work_is_linear_in_tiny_parts()
    {
        // In one piece, so that copying all that follows each head would show.
        const int Count = 200_000;
        var watch = Stopwatch.StartNew();
        var body = Bytes(string.Concat(Enumerable.Repeat("--b~X: y~~z~", Count)) + "--b--");
        Assert.Equal(Count, Run(body, "b", body.Length, out var parts));
        Assert.Equal(Count, parts);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), watch.Elapsed.ToString());
    }

    [Fact]
    public void Allocates_nothing_for_content_and_further_parts()
    {
        var body = Bytes(string.Concat(Enumerable.Repeat("--b~" + Head + "value~", 1000)) + "--b--");
        var reader = new MultipartReader("b"u8);
        ReadOnlySpan<byte> input = body;
        for (var i = 0; i < 100; i++)
            reader.Read(ref input, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (reader.Read(ref input, out _) != MultipartEvent.End)
        {
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static long Run(ReadOnlyMemory<byte> body, string boundary, int piece, out int parts)
    {
        var reader = new MultipartReader(Encoding.ASCII.GetBytes(boundary), new MultipartLimits { Parts = int.MaxValue });
        var length = 0L;
        parts = 0;
        while (!body.IsEmpty)
        {
            var input = body.Span[..Math.Min(piece, body.Length)];
            body = body[input.Length..];
            MultipartEvent happened;
            while ((happened = reader.Read(ref input, out var data)) is not (MultipartEvent.NeedMore or MultipartEvent.Failed))
            {
                length += data.Length;
                parts += happened == MultipartEvent.PartEnd ? 1 : 0;
            }
        }
        Assert.Equal(MultipartEvent.End, reader.Complete());
        return length;
    }

    private static void Check(string body, string expected)
    {
        foreach (var pieces in Splits.Of(Bytes(body)))
            Assert.Equal(expected, MultipartTranscript.Of(pieces, "b"));
    }

    private static byte[] Bytes(string body) => Encoding.Latin1.GetBytes(body.Replace("~", "\r\n", StringComparison.Ordinal));

    private static byte[] Repeat(string unit)
    {
        var bytes = Encoding.ASCII.GetBytes(unit);
        return Enumerable.Range(0, Size).Select(i => bytes[i % bytes.Length]).ToArray();
    }
}
