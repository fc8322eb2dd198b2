using System.Text;

namespace Gatehouse.Web;

/// <summary>The name of a field, compared without case: that of a property begins with a capital, that of a form's field does not.</summary>
internal sealed class FieldName(string text)
{
    // Longer names are decoded to be compared; nobody writes those.
    private const int MaxEncoded = 256;

    /// <summary>The name, as it is told to clients.</summary>
    public string Text { get; } = text;

    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(text);

    public bool IsText(string other) => Text.Equals(other, StringComparison.OrdinalIgnoreCase);

    /// <summary>True for this name as it stands, encoded, in a query.</summary>
    public bool IsEncoded(ReadOnlySpan<byte> raw)
    {
        if (!raw.ContainsAny((byte)'%', (byte)'+'))
            return Ascii.EqualsIgnoreCase(raw, Utf8) || raw.SequenceEqual(Utf8);
        if (raw.Length > MaxEncoded)
            return false;
        Span<byte> decoded = stackalloc byte[MaxEncoded];
        var length = Http.Urls.FormUrlEncodedPair.Decode(raw, decoded);
        return Ascii.EqualsIgnoreCase(decoded[..length], Utf8) || decoded[..length].SequenceEqual(Utf8);
    }
}
