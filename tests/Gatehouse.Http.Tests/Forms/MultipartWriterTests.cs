using System.Buffers;
using System.Text;
using Gatehouse.Http.Forms;

namespace Gatehouse.Http.Tests.Forms;

public class MultipartWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    [Fact]
    public void Writes_what_a_browser_writes()
    {
        var writer = new MultipartWriter(_output, "----b x");
        writer.WriteField("a\"b\r\n", "1\r\n2\u00e9");
        writer.WriteFile("f", @"C:\x\", "image/png", "PNG"u8);
        writer.BeginFile("g", @"\\s\x", "text/plain");
        _output.Write("streamed"u8);
        writer.EndFile();
        writer.Finish();
        Assert.Equal("multipart/form-data; boundary=\"----b x\"", writer.ContentType);
        Assert.Equal(
            "------b x\r\nContent-Disposition: form-data; name=\"a%22b%0D%0A\"\r\n\r\n1\r\n2\u00e9\r\n"
            + "------b x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"C:\\x\\\\\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n"
            + "------b x\r\nContent-Disposition: form-data; name=\"g\"; filename=\"\\\\\\s\\x\"\r\nContent-Type: text/plain\r\n\r\nstreamed\r\n"
            + "------b x--\r\n",
            Encoding.UTF8.GetString(_output.WrittenSpan));
    }

    [Fact]
    public void Boundaries_are_random_and_well_formed()
    {
        var boundaries = Enumerable.Range(0, 100).Select(_ => new MultipartWriter(_output).ContentType.Split('"')[1]).ToHashSet();
        Assert.Equal(100, boundaries.Count);
        Assert.All(boundaries, boundary => Assert.True(MultipartReader.IsBoundary(Encoding.ASCII.GetBytes(boundary))));
    }

    [Theory]
    [InlineData("a\0b", "f", "text/plain")]
    [InlineData("a\u007f", "f", "text/plain")]
    [InlineData("a", "f\u001b", "text/plain")]
    [InlineData("a", "f", "text/plain\r\nX: y")]
    [InlineData("a", "f", "t\u00e9xt/plain")]
    public void Refuses_what_would_break_the_head(string name, string fileName, string contentType)
    {
        Assert.Throws<ArgumentException>(() => new MultipartWriter(_output, "b").WriteFile(name, fileName, contentType, default));
        Assert.Equal(0, _output.WrittenCount);
    }

    [Fact]
    public void Refuses_calls_out_of_order()
    {
        Assert.Throws<ArgumentException>(() => new MultipartWriter(_output, "b\r\n"));
        var writer = new MultipartWriter(_output, "b");
        Assert.Throws<InvalidOperationException>(writer.EndFile);
        writer.BeginFile("a", "b", "c/d");
        Assert.Throws<InvalidOperationException>(() => writer.WriteField("a", "b"));
        Assert.Throws<InvalidOperationException>(writer.Finish);
        writer.EndFile();
        writer.Finish();
        Assert.Throws<InvalidOperationException>(writer.Finish);
        Assert.Throws<InvalidOperationException>(() => writer.WriteField("a", "b"));
    }
}
