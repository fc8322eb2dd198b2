using Gatehouse.Http.Dates;

namespace Gatehouse.Http.Server;

/// <summary>The Date field of this second as bytes, made once a second on each reactor (RFC 9110 section 6.6.1).</summary>
internal sealed class DateHeader
{
    private readonly byte[] _line = "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"u8.ToArray();
    private long _nextTick;

    /// <summary>The field line with its CRLF. <paramref name="now"/> is the reactor's clock in milliseconds.</summary>
    public ReadOnlySpan<byte> Line(long now)
    {
        if (now >= _nextTick)
            Refresh(now);
        return _line;
    }

    /// <summary>The field's value.</summary>
    public ReadOnlySpan<byte> Value(long now) => Line(now).Slice(6, HttpDate.Length);

    private void Refresh(long now)
    {
        var unix = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        HttpDate.Format(unix / 1000, _line.AsSpan(6, HttpDate.Length));
        _nextTick = now + 1000 - (unix % 1000);
    }
}
