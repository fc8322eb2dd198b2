using Gatehouse.Dns.Forwarder.Queries;

namespace Gatehouse.Dns.Forwarder;

/// <summary>What a forwarder has counted since it started, on all reactors.</summary>
public sealed record ForwarderFigures
{
    /// <summary>Queries by the way that they came.</summary>
    public required IReadOnlyList<(string Way, long Count)> Queries { get; init; }

    /// <summary>Answers from the cache.</summary>
    public long CacheHits { get; init; }

    /// <summary>Queries that servers were asked for.</summary>
    public long CacheMisses { get; init; }

    /// <summary>Answers that were given beyond their time.</summary>
    public long StaleAnswers { get; init; }

    /// <summary>Answers of local names.</summary>
    public long LocalAnswers { get; init; }

    /// <summary>Queries for names that are blocked.</summary>
    public long Blocked { get; init; }

    /// <summary>Queries of those who may not ask, or for what is not answered.</summary>
    public long Refused { get; init; }

    /// <summary>Queries and answers beyond a rate.</summary>
    public long Limited { get; init; }

    /// <summary>What could not be read.</summary>
    public long Malformed { get; init; }

    /// <summary>Queries that no server answered.</summary>
    public long Failures { get; init; }

    /// <summary>Answers that were renewed before their end.</summary>
    public long Prefetches { get; init; }

    /// <summary>Datagrams that the kernel had no room for.</summary>
    public long Unsent { get; init; }

    /// <summary>Answers in the cache.</summary>
    public int CacheEntries { get; init; }

    /// <summary>Bytes that they take.</summary>
    public long CacheBytes { get; init; }

    /// <summary>Queries that wait for servers.</summary>
    public int Outstanding { get; init; }

    /// <summary>The servers.</summary>
    public required IReadOnlyList<ServerFigures> Servers { get; init; }

    internal static ForwarderFigures Of(IReadOnlyList<Lane> lanes, int outstanding)
    {
        var counters = lanes.Select(lane => lane.Counters).ToArray();
        var cache = lanes[0].Rules.Cache;
        long Sum(Func<LaneCounters, long> of) => counters.Sum(of);
        return new ForwarderFigures
        {
            Queries = [.. Enum.GetValues<ClientKind>().Select(kind => (NameOf(kind), Sum(one => one.Queries[(int)kind])))],
            CacheHits = Sum(one => one.CacheHits),
            CacheMisses = Sum(one => one.CacheMisses),
            StaleAnswers = Sum(one => one.StaleAnswers),
            LocalAnswers = Sum(one => one.LocalAnswers),
            Blocked = Sum(one => one.Blocked),
            Refused = Sum(one => one.Refused),
            Limited = Sum(one => one.Limited),
            Malformed = Sum(one => one.Malformed),
            Failures = Sum(one => one.Failures),
            Prefetches = Sum(one => one.Prefetches),
            Unsent = Sum(one => one.Unsent),
            CacheEntries = cache.Count,
            CacheBytes = cache.Bytes,
            Outstanding = outstanding,
            Servers = [.. lanes.SelectMany(lane => lane.Rules.Groups).SelectMany(group => group.Upstreams).GroupBy(one => one.Server.Name).Select(ServerFigures.Of)],
        };
    }

    private static string NameOf(ClientKind kind) => kind switch
    {
        ClientKind.Udp => "udp",
        ClientKind.Tcp => "tcp",
        ClientKind.Tls => "tls",
        ClientKind.Https => "https",
        ClientKind.DnsCryptUdp => "dnscrypt-udp",
        _ => "dnscrypt-tcp",
    };
}
