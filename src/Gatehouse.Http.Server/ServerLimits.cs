using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Server;

/// <summary>What one client connection may cost at most. Each number says where it comes from.</summary>
public sealed record ServerLimits
{
    /// <summary>The defaults.</summary>
    public static ServerLimits Default { get; } = new();

    /// <summary>Client connections open at once; a further one is closed as it comes. nginx has worker_connections, HAProxy maxconn.</summary>
    public int Connections { get; init; } = 100_000;

    /// <summary>Size of heads.</summary>
    public Http1Limits Head { get; init; } = Http1Limits.Default;

    /// <summary>Bytes of a request's body; Kestrel has 30,000,000, nginx 1 MB. A route can set another (<see cref="Exchange.BodyLimit"/>).</summary>
    public long BodyBytes { get; init; } = 30_000_000;

    /// <summary>How long a connection may idle between requests; nginx has 75 s.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>From the first byte of a head to its last; Kestrel has 30 s, nginx 60 s. A new connection has as long to send its first byte.</summary>
    public TimeSpan HeadTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two reads of a body; nginx has 60 s.</summary>
    public TimeSpan BodyTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Bytes per second that a body (once <see cref="RateGrace"/> has passed) and a reader of an answer must keep up on average; Kestrel has 240 with 5 s of grace.
    /// </summary>
    public int MinimumRate { get; init; } = 240;

    /// <summary>How long a slow body or reader is tolerated before <see cref="MinimumRate"/> counts.</summary>
    public TimeSpan RateGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Between two successful writes to a client that does not read; nginx has 60 s.</summary>
    public TimeSpan WriteTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection that is closed with unread bytes is read from, so that the client gets its answer; nginx has 5 s.</summary>
    public TimeSpan LingerTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests under way at a time on a connection of HTTP/2; nginx has 128, Kestrel and HAProxy 100.</summary>
    public int Streams { get; init; } = 128;

    /// <summary>Requests on one connection; nginx has 1,000 since 1.19.10, HAProxy none. 0 means no limit.</summary>
    public int RequestsPerConnection { get; init; }
}
