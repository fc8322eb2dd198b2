using System.Text;

namespace Gatehouse.Http.Content;

/// <summary>The names of content codings.</summary>
public static class ContentCodings
{
    /// <summary>The token of a coding as it stands in Content-Encoding.</summary>
    public static ReadOnlySpan<byte> Name(ContentCoding coding) => coding switch
    {
        ContentCoding.Gzip => "gzip"u8,
        ContentCoding.Deflate => "deflate"u8,
        ContentCoding.Brotli => "br"u8,
        ContentCoding.Zstandard => "zstd"u8,
        _ => "identity"u8,
    };

    /// <summary>Finds the coding of a token, in any case; x-gzip is gzip (RFC 9110 section 8.4.1.3).</summary>
    public static bool TryParse(ReadOnlySpan<byte> token, out ContentCoding coding)
    {
        for (coding = ContentCoding.Identity; coding <= ContentCoding.Zstandard; coding++)
        {
            if (Ascii.EqualsIgnoreCase(token, Name(coding)))
                return true;
        }
        coding = ContentCoding.Gzip;
        return Ascii.EqualsIgnoreCase(token, "x-gzip"u8);
    }
}
