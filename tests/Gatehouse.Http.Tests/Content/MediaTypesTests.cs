using System.Text;
using Gatehouse.Http.Content;

namespace Gatehouse.Http.Tests.Content;

public class MediaTypesTests
{
    [Theory]
    [InlineData("/index.html", "text/html; charset=utf-8")]
    [InlineData("/a/b.C.JS", "text/javascript; charset=utf-8")]
    [InlineData("app.mjs", "text/javascript; charset=utf-8")]
    [InlineData("data.json", "application/json; charset=utf-8")]
    [InlineData("app.js.map", "application/json; charset=utf-8")]
    [InlineData("m.webmanifest", "application/manifest+json; charset=utf-8")]
    [InlineData("feed.xml", "text/xml; charset=utf-8")]
    [InlineData("logo.svg", "image/svg+xml; charset=utf-8")]
    [InlineData("README.md", "text/markdown; charset=utf-8")]
    [InlineData("x.wasm", "application/wasm")]
    [InlineData("p.avif", "image/avif")]
    [InlineData("p.webp", "image/webp")]
    [InlineData("f.woff2", "font/woff2")]
    [InlineData("p.png", "image/png")]
    [InlineData("a.tar.gz", "application/gzip")]
    [InlineData("v.mp4", "video/mp4")]
    [InlineData("noextension", "application/octet-stream")]
    [InlineData("dir.d/noextension", "application/octet-stream")]
    [InlineData("trailing.", "application/octet-stream")]
    [InlineData("a.averyveryverylongextension", "application/octet-stream")]
    [InlineData("a.\0html", "application/octet-stream")]
    [InlineData("", "application/octet-stream")]
    public void Knows_files(string path, string expected) => Assert.Equal(expected, Encoding.ASCII.GetString(MediaTypes.OfFile(Encoding.UTF8.GetBytes(path))));

    [Fact]
    public void Lookup_allocates_nothing_and_shares_the_value()
    {
        var first = MediaTypes.OfFile("a.css"u8);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var second = MediaTypes.OfFile("/b/c.CSS"u8);
        var compressible = MediaTypes.IsCompressible(second);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Same(first, second);
        Assert.True(compressible);
    }

    [Fact]
    public void Every_type_of_the_table_is_well_formed()
    {
        foreach (var line in MediaTypeTable.Lines.Split('\n'))
        {
            var words = line.Trim().Split(' ');
            Assert.True(words.Length > 1, line);
            Assert.True(MediaType.TryParse(MediaTypes.OfExtension(Encoding.ASCII.GetBytes(words[1])), out var type), line);
            Assert.True(type.Is(Encoding.ASCII.GetBytes(words[0])), line);
            Assert.All(words.Skip(1), extension => Assert.InRange(extension.Length, 1, 15));
        }
    }

    [Theory]
    [InlineData("text/html; charset=utf-8", true)]
    [InlineData("TEXT/event-stream", true)]
    [InlineData("application/json", true)]
    [InlineData("application/problem+json", true)]
    [InlineData("image/svg+xml", true)]
    [InlineData("application/wasm", true)]
    [InlineData("font/ttf", true)]
    [InlineData("image/png", false)]
    [InlineData("application/zip", false)]
    [InlineData("font/woff2", false)]
    [InlineData("video/mp4", false)]
    [InlineData("application/octet-stream", false)]
    [InlineData("nonsense", false)]
    [InlineData("", false)]
    public void Knows_what_shrinks(string type, bool expected) => Assert.Equal(expected, MediaTypes.IsCompressible(Encoding.ASCII.GetBytes(type)));
}
