using System.Buffers;
using System.Text;

namespace Gatehouse.Http.Urls;

/// <summary>A name and a value of application/x-www-form-urlencoded, still encoded: views into what was read.</summary>
/// <param name="rawName">The bytes before the first equals sign.</param>
/// <param name="rawValue">The bytes behind it.</param>
public readonly ref struct FormUrlEncodedPair(ReadOnlySpan<byte> rawName, ReadOnlySpan<byte> rawValue)
{
    /// <summary>The name, encoded.</summary>
    public ReadOnlySpan<byte> RawName { get; } = rawName;

    /// <summary>The value, encoded; empty when there is no equals sign.</summary>
    public ReadOnlySpan<byte> RawValue { get; } = rawValue;

    /// <summary>The name, decoded, as a new string; invalid UTF-8 becomes U+FFFD.</summary>
    public string GetName() => DecodeToString(RawName);

    /// <summary>The value, decoded, as a new string; invalid UTF-8 becomes U+FFFD.</summary>
    public string GetValue() => DecodeToString(RawValue);

    /// <summary>
    /// Decodes a name or value: a plus sign is a space, then each %XX is its byte, and a percent sign without two hexadecimal digits behind it stays as it is.
    /// </summary>
    /// <param name="raw">What to decode.</param>
    /// <param name="destination">At least as long.</param>
    /// <returns>The number of bytes written.</returns>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <paramref name="raw"/>.</exception>
    public static int Decode(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        if (destination.Length < raw.Length)
            throw new ArgumentException($"Decoding {raw.Length} bytes takes as many, the destination has {destination.Length}.", nameof(destination));
        raw.Replace(destination, (byte)'+', (byte)' ');
        return PercentEncoding.Decode(destination[..raw.Length], destination);
    }

    private static string DecodeToString(ReadOnlySpan<byte> raw)
    {
        var rented = ArrayPool<byte>.Shared.Rent(raw.Length);
        var length = Decode(raw, rented);
        var text = Encoding.UTF8.GetString(rented, 0, length);
        ArrayPool<byte>.Shared.Return(rented);
        return text;
    }
}
