using System.Buffers;
using System.Text;
using CsCheck;
using Gatehouse.Http.Forms;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Forms;

public class FormReaderTests
{
    private const string UrlEncoded = "application/x-www-form-urlencoded";
    private const string Multipart = "multipart/form-data; boundary=b";

    [Theory]
    [InlineData("", "")]
    [InlineData("a=b", "[a|b]")]
    [InlineData("a=b&c=d&", "[a|b][c|d]")]
    [InlineData("&&a&=b&a=1&a=2", "[a|][|b][a|1][a|2]")]
    [InlineData("a+b=%41%26%3d+%e2%82%ac&%ff=%zz", "[a b|A&= \u20ac][\ufffd|%zz]")]
    public async Task Reads_urlencoded(string body, string expected)
    {
        foreach (var pieces in Splits.Of(Encoding.UTF8.GetBytes(body)))
        {
            using var form = await Read(UrlEncoded, pieces);
            Assert.Equal(expected, Show(form));
        }
    }

    [Fact]
    public async Task Reads_multipart()
    {
        const string Body = "--b~Content-Disposition: form-data; name=\"a\"~~v\u00e4~"
            + "--b~Content-Disposition: form-data; name=\"f\"; filename=\"C:\\x\\r\u00e9.txt\"~"
            + "Content-Type: text/plain~~line~line~--b~Content-Disposition: form-data; name=\"a\"~Content-Type: application/json~~{}~--b--~";
        foreach (var pieces in Splits.Of(Bytes(Body)))
        {
            using var form = await Read(Multipart, pieces);
            Assert.Equal("[a|v\u00e4][a|{}]<f|C:\\x\\r\u00e9.txt|text/plain|line\r\nline>", Show(form));
            Assert.Equal("v\u00e4", form["a"]);
            Assert.Null(form["f"]);
            Assert.Equal(["v\u00e4", "{}"], form.All("a"));
            Assert.Equal("application/json", form.Fields[1].ContentType);
            Assert.Equal("r\u00e9.txt", form.File("f")!.SafeFileName());
            Assert.Null(form.File("a"));
        }
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=\"b\"")]
    [InlineData("Multipart/Form-Data;charset=utf-8;BOUNDARY=b")]
    [InlineData(" multipart/form-data ; ; boundary = b ; ")]
    public async Task Reads_the_boundary_as_clients_write_it(string contentType)
    {
        using var form = await Read(contentType, Splits.Whole(Bytes("--b--")));
        Assert.Equal("", Show(form));
    }

    [Theory]
    [InlineData("", 415, "Expected a form")]
    [InlineData("text/plain", 415, "Expected a form")]
    [InlineData("multipart/mixed; boundary=b", 415, "Expected a form")]
    [InlineData("multipart/form-data", 400, "must have a boundary")]
    [InlineData("multipart/form-data; boundary=", 400, "must have a boundary")]
    [InlineData("multipart/form-data; boundary=\"b", 400, "must have a boundary")]
    [InlineData("multipart/form-data; boundary=a; boundary=b", 400, "one boundary")]
    [InlineData("multipart/form-data; boundary=\"a\u00e9\"", 400, "must have a boundary")]
    [InlineData("multipart/form-data; boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 400, "1 to 70 bchars")]
    public Task Refuses_what_is_no_form(string contentType, int status, string message) => Fails(contentType, "--b--", null, status, message);

    [Theory]
    [InlineData("--b~~v~--b--", 400, "with a name")]
    [InlineData("--b~Content-Disposition: form-data~~v~--b--", 400, "with a name")]
    [InlineData("--b~Content-Disposition: form-data; filename=x~~v~--b--", 400, "with a name")]
    [InlineData("--b~Content-Disposition: form-data; name=a~Content-Transfer-Encoding: base64~~v~--b--", 400, "Content-Transfer-Encoding")]
    [InlineData("--b~Content-Disposition: form-data; name=a~~v", 400, "byte 48: the multipart body ended before its closing delimiter")]
    [InlineData("--b~Content-Disposition: form-data; name=a; filename=x~~v", 400, "ended before its closing delimiter")]
    [InlineData("--c--", 400, "no delimiter line")]
    public Task Refuses_malformed_multipart(string body, int status, string message) => Fails(Multipart, body, null, status, message);

    [Fact]
    public async Task Takes_transfer_encodings_that_change_nothing()
    {
        using var form = await Read(Multipart, Splits.Whole(Bytes("--b~Content-Disposition: form-data; name=a~Content-Transfer-Encoding: Binary~~v~--b--")));
        Assert.Equal("[a|v]", Show(form));
    }

    [Theory]
    [InlineData("", "v\u00c3\u00a4", "v\u00e4")]
    [InlineData("; charset=utf-8", "v\u00c3\u00a4", "v\u00e4")]
    [InlineData("; charset=US-ASCII", "v\u00c3\u00a4", "v\u00e4")]
    [InlineData("; charset=foo; bar=baz", "v\u00c3\u00a4", "v\u00e4")]
    [InlineData("; charset=\"iso-8859-1\"", "v\u00e4", "v\u00e4")]
    [InlineData("; charset=windows-1252", "\u0080", "\u20ac")]
    [InlineData("; charset=iso-2022-jp", "\u001b$B%\"%j%9\u001b(B", "\u30a2\u30ea\u30b9")]
    [InlineData("; charset=utf-7", "+ADw-", "+ADw-")]
    [InlineData("", "\u00ff", "\ufffd")]
    public async Task Decodes_by_the_charset_of_the_part(string parameters, string sent, string expected)
    {
        var body = $"--b\r\nContent-Disposition: form-data; name=a\r\nContent-Type: text/plain{parameters}\r\n\r\n{sent}\r\n--b--";
        using var form = await Read(Multipart, Splits.Whole(Encoding.Latin1.GetBytes(body)));
        Assert.Equal(expected, form["a"]);
    }

    [Fact]
    public async Task A_file_input_without_a_file_is_no_file()
    {
        const string Body = "--b~Content-Disposition: form-data; name=f; filename=\"\"~Content-Type: application/octet-stream~~~"
            + "--b~Content-Disposition: form-data; name=g; filename=\"\"~~content~--b~Content-Disposition: form-data; name=h; filename=empty~~~--b--";
        using var form = await Read(Multipart, Splits.Whole(Bytes(Body)));
        Assert.Equal("<g|||content><h|empty||>", Show(form));
    }

    [Theory]
    [InlineData(UrlEncoded, "a=1&b=2&c=3", "Fields of 2 fields")]
    [InlineData(UrlEncoded, "abcdef=ghijk", "FieldBytes of 10 bytes")]
    [InlineData(UrlEncoded, "abc=456789&d=234567", "AllFieldBytes of 15 bytes")]
    [InlineData(Multipart, "--b~{0}a~~1~--b~{0}a~~1~--b~{0}a~~1~--b--", "Fields of 2 fields")]
    [InlineData(Multipart, "--b~{0}a;filename=a~~1~--b~{0}a;filename=a~~1~--b--", "Files of 1 files")]
    [InlineData(Multipart, "--b~{0}a~~1234567890~--b--", "FieldBytes of 10 bytes")]
    [InlineData(Multipart, "--b~{0}a~~123456789~--b~{0}b~~123456~--b--", "AllFieldBytes of 15 bytes")]
    [InlineData(Multipart, "--b~{0}aaaaaaaaaaaaaaaa~~~--b--", "AllFieldBytes of 15 bytes")]
    [InlineData(Multipart, "--b~X-Long-Field: 123456789012345678901234567890123456789012345678901234567890~~~--b--", "longer than 60 bytes, the limit")]
    public async Task Names_the_limit_that_is_passed(string contentType, string body, string message)
    {
        var limits = new FormLimits { Fields = 2, Files = 1, FieldBytes = 10, AllFieldBytes = 15, PartHeadBytes = 60 };
        await Fails(contentType, body.Replace("{0}", "Content-Disposition: x;name=", StringComparison.Ordinal), limits, 413, message);
    }

    [Theory]
    [InlineData(UrlEncoded, "a=b&c=d")]
    [InlineData(Multipart, "--b--~~")]
    public async Task Bounds_the_whole_body(string contentType, string body)
    {
        var length = Bytes(body).Length;
        (await Read(contentType, Splits.ByteByByte(Bytes(body)), new FormLimits { BodyBytes = length })).Dispose();
        await Fails(contentType, body, new FormLimits { BodyBytes = length - 1 }, 413, $"BodyBytes of {length - 1} bytes");
    }

    [Fact]
    public async Task A_long_urlencoded_field_in_small_pieces_is_linear()
    {
        var body = Encoding.ASCII.GetBytes("a=" + new string('x', 1_000_000) + "&b=c");
        using var form = await Read(UrlEncoded, body.Chunk(7).Select(chunk => new ReadOnlyMemory<byte>(chunk)));
        Assert.Equal((1_000_000, "c"), (form["a"]!.Length, form["b"]));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(99, false)]
    [InlineData(100, false)]
    [InlineData(101, true)]
    [InlineData(1_000_000, true)]
    public async Task Spools_files_past_the_bound(int length, bool isSpooled)
    {
        using var folder = new TempFolder();
        var content = new byte[length];
        new Random(length).NextBytes(content);
        byte[] body = [.. Bytes("--b~Content-Disposition: form-data; name=f; filename=x~~"), .. content, .. Bytes("~--b--")];
        foreach (var pieces in new[] { Splits.Whole(body), Splits.AtRandom(body, new Random(1)) })
        {
            using var form = await Read(Multipart, pieces, new FormLimits { FileMemoryBytes = 100, SpoolFolder = folder.Path });
            var file = form.Files[0];
            Assert.Equal((isSpooled, length), (file.IsSpooled, (int)file.Length));
            Assert.Empty(Directory.GetFiles(folder.Path));
            using var first = file.OpenRead();
            using var second = file.OpenRead();
            var copy = new MemoryStream();
            await first.CopyToAsync(copy, TestContext.Current.CancellationToken);
            Assert.Equal(content, copy.ToArray());
            Assert.Equal(0, second.Position);
            second.Seek(-Math.Min(10, length), SeekOrigin.End);
            var tail = new byte[20];
            Assert.Equal(Math.Min(10, length), second.ReadAtLeast(tail, 20, throwOnEndOfStream: false));
            Assert.Equal(content[^Math.Min(10, length)..], tail[..Math.Min(10, length)]);
        }
    }

    [Fact]
    public async Task Disposing_the_form_closes_its_spooled_files()
    {
        var body = Bytes("--b~Content-Disposition: form-data; name=f; filename=x~~content~--b--");
        var form = await Read(Multipart, Splits.Whole(body), new FormLimits { FileMemoryBytes = 0 });
        var stream = form.Files[0].OpenRead();
        form.Dispose();
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_an_IOException()
    {
        var body = Bytes("--b~Content-Disposition: form-data; name=f; filename=x~~content~--b--");
        var limits = new FormLimits { FileMemoryBytes = 0, SpoolFolder = "/nonexistent" };
        await Assert.ThrowsAnyAsync<IOException>(async () => await Read(Multipart, Splits.Whole(body), limits));
    }

    [Theory]
    [InlineData("photo.jpeg", "photo.jpeg")]
    [InlineData("/etc/passwd", "passwd")]
    [InlineData("..\\..\\x.txt", "x.txt")]
    [InlineData("../..", "unnamed")]
    [InlineData("..", "unnamed")]
    [InlineData("", "unnamed")]
    [InlineData("a/", "unnamed")]
    [InlineData(".htaccess", "htaccess")]
    [InlineData(" . x . ", "x")]
    [InlineData("a\0b\r\nc\u0085.txt", "abc.txt")]
    [InlineData("a:b*c?d\"e<f>g|h", "abcdefgh")]
    [InlineData("r\u00e9sum\u00e9 \u20ac.pdf", "r\u00e9sum\u00e9 \u20ac.pdf")]
    public void Makes_a_safe_name(string fileName, string expected)
    {
        using var file = new FormFile("f", fileName, null, default);
        Assert.Equal(expected, file.SafeFileName());
    }

    [Fact]
    public void A_safe_name_is_one_segment_of_255_bytes() => Gen.String[0, 400].Sample(fileName =>
    {
        using var file = new FormFile("f", fileName, null, default);
        var safe = file.SafeFileName();
        Assert.InRange(Encoding.UTF8.GetByteCount(safe), 1, 255);
        Assert.False(safe.AsSpan().ContainsAny("/\\\0\r\n") || safe is "." or "..");
    });

    [Fact]
    public async Task What_the_writer_wrote_is_read_in_any_split()
    {
        // A name with a literal %22, %0D or %0A could not be told from an escaped character (the escapes are WHATWG's): these have no digits.
        var name = Gen.Char["abc\"\r\n;=:\\/ '\u00e9\u20ac%\t"].Array[0, 8].Select(chars => new string(chars));
        var entry = Gen.Select(name, name.Null(), Gen.Char["xyz\r\n-\u00e9"].Array[0, 30].Select(chars => new string(chars)));
        await Gen.Select(entry.Array[0, 6], Gen.Int).SampleAsync(async (entries, seed) =>
        {
            var output = new ArrayBufferWriter<byte>();
            var writer = new MultipartWriter(output);
            foreach (var (field, fileName, value) in entries)
            {
                if (fileName is null)
                    writer.WriteField(field, value);
                else
                    writer.WriteFile(field, fileName, "text/plain", Encoding.UTF8.GetBytes(value));
            }
            writer.Finish();
            foreach (var pieces in Splits.Of(output.WrittenSpan.ToArray(), random: 2, seed))
            {
                using var form = await Read(writer.ContentType, pieces, new FormLimits { FileMemoryBytes = 10 });
                var fields = entries.Where(e => e.Item2 is null).Select(e => $"[{e.Item1}|{e.Item3}]");
                var files = entries.Where(e => e.Item2 is not null && e.Item2.Length + e.Item3.Length > 0)
                    .Select(e => $"<{e.Item1}|{e.Item2}|text/plain|{e.Item3}>");
                Assert.Equal(string.Concat(fields.Concat(files)), Show(form));
            }
        }, iter: 50);
    }

    [Fact]
    public async Task Any_bytes_are_a_form_or_a_BadRequestException()
    {
        var token = Gen.OneOf(
            "--b", "\r\n", "--", "x", "&", "=", "%4", "+", "Content-Disposition: form-data; name=a", "; filename=", "\"", "\r\n\r\n", "--b--");
        await Gen.Select(Gen.OneOf(UrlEncoded, Multipart), token.Array[0, 30]).SampleAsync(async (contentType, tokens) =>
        {
            try
            {
                using var form = await Read(contentType, Splits.Whole(Encoding.ASCII.GetBytes(string.Concat(tokens))), new FormLimits { FileMemoryBytes = 10 });
            }
            catch (BadRequestException fault)
            {
                Assert.Equal(400, fault.Status);
            }
        });
    }

    internal static ValueTask<Form> Read(string contentType, IEnumerable<ReadOnlyMemory<byte>> pieces, FormLimits? limits = null) =>
        FormReader.ReadAsync(Encoding.Latin1.GetBytes(contentType), new PiecesBody(pieces).ReadAsync, limits);

    private static async Task Fails(string contentType, string body, FormLimits? limits, int status, string message)
    {
        foreach (var pieces in Splits.Of(Bytes(body), random: 2))
        {
            var fault = await Assert.ThrowsAsync<BadRequestException>(async () => await Read(contentType, pieces, limits));
            Assert.Equal(status, fault.Status);
            Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        }
    }

    private static string Show(Form form)
    {
        var text = new StringBuilder();
        foreach (var field in form.Fields)
            text.Append('[').Append(field.Name).Append('|').Append(field.Value).Append(']');
        foreach (var file in form.Files)
        {
            using var reader = new StreamReader(file.OpenRead());
            text.Append(null, $"<{file.Name}|{file.FileName}|{file.ContentType}|{reader.ReadToEnd()}>");
        }
        return text.ToString();
    }

    private static byte[] Bytes(string body) => Encoding.UTF8.GetBytes(body.Replace("~", "\r\n", StringComparison.Ordinal));
}
