using System.Text;
using System.Text.RegularExpressions;
using Gatehouse.Http.Conditional;

namespace Gatehouse.Http.Tests.Conditional;

public class MultipartRangesTests
{
    [Theory]
    [InlineData("text/plain")]
    [InlineData("")]
    public void The_frame_is_as_long_as_announced_and_reads_back(string contentType)
    {
        var content = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => (char)('a' + (i % 26)))));
        ByteRange[] ranges = [new(0, 1), new(500, 1000), new(1990, 10)];
        var frame = new MultipartRanges(Encoding.ASCII.GetBytes(contentType), content.Length, new Random(1));
        var body = new MemoryStream();
        var head = new byte[frame.MaxHeadLength];
        for (var i = 0; i < ranges.Length; i++)
        {
            body.Write(head, 0, frame.WritePartHead(ranges[i], i == 0, head));
            body.Write(content, (int)ranges[i].First, (int)ranges[i].Length);
        }
        body.Write(head, 0, frame.WriteEnd(head));
        Assert.Equal(body.Length, frame.TotalLength(ranges));

        var type = Encoding.ASCII.GetString(head, 0, frame.WriteContentType(head));
        var boundary = Regex.Match(type, "^multipart/byteranges; boundary=([0-9a-f]{16})$").Groups[1].Value;
        Assert.NotEmpty(boundary);
        var text = Encoding.ASCII.GetString(body.ToArray());
        Assert.StartsWith("--" + boundary, text);
        var parts = ("\r\n" + text).Split("\r\n--" + boundary);
        Assert.Equal(["", "--\r\n"], [parts[0], parts[^1]]);
        Assert.Equal(ranges.Length, parts.Length - 2);
        for (var i = 0; i < ranges.Length; i++)
        {
            var (fields, part) = (parts[i + 1].Split("\r\n\r\n")[0], parts[i + 1].Split("\r\n\r\n")[1]);
            Assert.Contains($"\r\nContent-Range: bytes {ranges[i].First}-{ranges[i].Last}/2000", fields);
            Assert.Equal(contentType.Length > 0, fields.Contains("\r\nContent-Type: text/plain\r\n"));
            Assert.Equal(Encoding.ASCII.GetString(content, (int)ranges[i].First, (int)ranges[i].Length), part);
        }
    }

    [Fact]
    public void Content_Range_has_room_for_the_largest_numbers()
    {
        Span<byte> value = stackalloc byte[ContentRange.MaxLength];
        var written = ContentRange.Format(new ByteRange(long.MaxValue - 10, 5), long.MaxValue, value);
        Assert.Equal("bytes 9223372036854775797-9223372036854775801/9223372036854775807", Encoding.ASCII.GetString(value[..written]));
        Assert.Equal("bytes */47022", Encoding.ASCII.GetString(value[..ContentRange.FormatUnsatisfied(47022, value)]));
    }
}
