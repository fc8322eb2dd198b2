namespace Gatehouse.Http.Server;

/// <summary>
/// How fast a reader takes what it holds up. One that takes a little now and then renews the time-out between writes each time; the average rate since it began
/// to hold up ends that. Moments are milliseconds of the reactor's clock.
/// </summary>
internal struct ReaderRate
{
    private long _since;
    private long _sent;

    /// <summary>True while something waits for the reader.</summary>
    public readonly bool IsHeldUp => _since != 0;

    /// <summary>Something waits, when so many bytes were sent in all. True when it is the first since <see cref="Clear"/>.</summary>
    public bool Note(long now, long sent)
    {
        if (_since != 0)
            return false;
        (_since, _sent) = (now, sent);
        return true;
    }

    /// <summary>Nothing waits any more.</summary>
    public void Clear() => _since = 0;

    /// <summary>True when the reader has held up for longer than it may, and took less than it must.</summary>
    public readonly bool IsTooSlow(long now, long sent, RateFloor floor) => _since != 0 && floor.IsMissed(sent - _sent, now - _since);
}
