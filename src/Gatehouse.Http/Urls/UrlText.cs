using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gatehouse.Http.Urls;

/// <summary>UTF-8 percent-encoding of text (WHATWG URL standard, section 1.3); a lone surrogate is U+FFFD.</summary>
internal static class UrlText
{
    public static string Encode(string text, PercentEncodeSet set)
    {
        var output = new ArrayBufferWriter<byte>(text.Length + 1);
        PercentEncoding.Encode(Encoding.UTF8.GetBytes(text), set, output);
        return Encoding.ASCII.GetString(output.WrittenSpan);
    }

    [return: NotNullIfNotNull(nameof(text))]
    public static string? EncodeOrNull(string? text, PercentEncodeSet set) => text is null ? null : Encode(text, set);
}
