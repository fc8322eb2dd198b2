namespace Gatehouse.Dns.Cache;

/// <summary>What an <see cref="AnswerCache"/> keeps, and for how long.</summary>
public sealed record CacheOptions
{
    /// <summary>The defaults.</summary>
    public static CacheOptions Default { get; } = new();

    /// <summary>Names that are kept, give or take a few in a hundred; each takes about 80 bytes. 0 keeps none.</summary>
    public int Names { get; init; } = 10_000;

    /// <summary>Bytes that answers may take: 256 for each name unless set.</summary>
    public long? Bytes { get; init; }

    /// <summary>The least time for which an answer is kept, whatever it says; 0 to do what it says.</summary>
    public uint MinLife { get; init; }

    /// <summary>The longest time, in seconds, for which an answer is kept; unbound and RFC 8767 section 4 have a day and a week.</summary>
    public uint MaxLife { get; init; } = 86_400;

    /// <summary>The longest time, in seconds, for which a negative answer is kept; RFC 2308 section 5 recommends one to three hours.</summary>
    public uint MaxNegativeLife { get; init; } = 3600;

    /// <summary>For how long, in seconds, an answer may still be given when no server answers (RFC 8767 section 5 suggests one to three days); 0 for never.</summary>
    public uint StaleLife { get; init; } = 86_400;
}
