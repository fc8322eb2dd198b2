using Gatehouse.Http.Settings;

namespace Gatehouse.Dns.Forwarder.Settings;

/// <summary>How much may be asked, and wait.</summary>
public sealed record DnsLimitsConfig
{
    /// <summary>Queries of clients.</summary>
    [Setting("Queries that are answered, such as 100/s per ip; counted for each reactor")]
    public Rate? Rate { get; init; }

    /// <summary>Answers to networks.</summary>
    [Setting("Same answers over UDP to one network (response-rate limiting), such as 20/s: what is beyond is cut or not sent, so that nobody uses this server to flood another")]
    public Rate? Responses { get; init; }

    /// <summary>Queries that wait for servers.</summary>
    [Setting("Queries that may wait for servers; one more, and the oldest is answered with an error")]
    [Bounds(16, 1000000)]
    public int Outstanding { get; init; } = 10_000;

    /// <summary>Connections of clients.</summary>
    [Setting("Connections of clients over TCP and TLS at a time, for each reactor")]
    [Bounds(1, 1000000)]
    public int Connections { get; init; } = 10_000;

    /// <summary>How long a connection may be silent; RFC 7766 section 6.2.3 and RFC 7858 section 3.4 leave it to the server.</summary>
    [Setting("How long a connection may be silent, and how long a query on it may take to come")]
    [Bounds("1s", "10m")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(10);
}
