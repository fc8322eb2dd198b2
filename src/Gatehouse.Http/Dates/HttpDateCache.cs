namespace Gatehouse.Http.Dates;

/// <summary>
/// The date of the present second as bytes, formatted once a second: what the Date field of every response needs (RFC 9110 section 6.6.1).
/// For one thread; each reactor has its own.
/// </summary>
public sealed class HttpDateCache
{
    private readonly byte[] _bytes = new byte[HttpDate.Length];
    private long _second = long.MinValue;

    /// <summary>
    /// IMF-fixdate of <paramref name="unixSeconds"/> (seconds since 1970-01-01T00:00:00Z), <see cref="HttpDate.Length"/> bytes that hold until the next call
    /// with another second.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The year is outside of 1 to 9999.</exception>
    public ReadOnlySpan<byte> Format(long unixSeconds)
    {
        if (unixSeconds != _second)
        {
            HttpDate.Format(unixSeconds, _bytes);
            _second = unixSeconds;
        }
        return _bytes;
    }
}
