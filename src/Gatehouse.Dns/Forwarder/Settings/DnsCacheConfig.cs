using Gatehouse.Http.Settings;

namespace Gatehouse.Dns.Forwarder.Settings;

/// <summary>How answers are kept.</summary>
public sealed record DnsCacheConfig
{
    /// <summary>Answers that are kept at most.</summary>
    [Setting("Answers that are kept at most; they take memory as they come")]
    [Shorthand]
    [Bounds(1000, 100000000)]
    public int Names { get; init; } = 100_000;

    /// <summary>Bytes of answers at most; null for 256 each.</summary>
    [Setting("Memory for answers, without their index; 256 bytes for each of the names when not given")]
    [Bounds("1MB", "1024GB")]
    public ByteSize? Memory { get; init; }

    /// <summary>Shortest time.</summary>
    [Setting("Time for which answers are kept at least, whatever they say")]
    [Bounds("0", "1h")]
    public TimeSpan MinTtl { get; init; } = TimeSpan.Zero;

    /// <summary>Longest time.</summary>
    [Setting("Time for which answers are kept at most, whatever they say")]
    [Bounds("1s", "7d")]
    public TimeSpan MaxTtl { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Longest time of answers without data; RFC 2308 section 5 has one to three hours.</summary>
    [Setting("Time for which it is kept that a name, or a record, does not exist")]
    [Bounds("0", "1d")]
    public TimeSpan MaxNegativeTtl { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long answers may be given beyond their time; RFC 8767 section 5 has one to three days.</summary>
    [Setting("Time beyond its own for which an answer is given when no server answers; 0 for never")]
    [Bounds("0", "7d")]
    public TimeSpan Stale { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Whether answers that are asked for are renewed before their end.</summary>
    [Setting("Ask again for answers that are asked for in the last tenth of their time")]
    public bool Prefetch { get; init; } = true;
}
