using System.IO.Compression;
using System.Text;
using Gatehouse.HttpBin.Requests;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.HttpBin.Endpoints;

/// <summary>Answers in a content coding, whether the client takes it or not.</summary>
internal static class Encodings
{
    private const RequestParts Shown = RequestParts.Headers | RequestParts.Origin | RequestParts.Method;

    public static ValueTask Gzip(BinCall call) => SendAsync(call, "gzip", "gzipped", output => new GZipStream(output, CompressionLevel.Optimal));

    // HTTP's "deflate" is zlib (RFC 9110 section 8.4.1.2).
    public static ValueTask Deflate(BinCall call) => SendAsync(call, "deflate", "deflated", output => new ZLibStream(output, CompressionLevel.Optimal));

    public static ValueTask Brotli(BinCall call) => SendAsync(call, "br", "brotli", output => new BrotliStream(output, CompressionLevel.Optimal));

    private static ValueTask SendAsync(BinCall call, string coding, string key, Func<Stream, Stream> compress)
    {
        using var output = new MemoryStream();
        using (var stream = compress(output))
            stream.Write(RequestJson.Of(call, Shown, extra: key));
        call.Fields.Set(KnownHeader.ContentEncoding, Encoding.ASCII.GetBytes(coding));
        return call.SendJsonAsync(output.ToArray());
    }
}
