using Gatehouse.Net.Reactors;

namespace Gatehouse.Gateways.FastCgi.Responder;

/// <summary>How a <see cref="FastCgiServer"/> listens and what it takes.</summary>
public sealed record FastCgiServerOptions
{
    /// <summary>The reactors that its connections live on; null for a group of one reactor for each core that all such servers share.</summary>
    public ReactorGroup? Reactors { get; init; }

    /// <summary>
    /// False runs the handler on the thread pool, where it may block; true runs it on its connection's reactor, where it must not, as handlers of this stack
    /// that need no pool do.
    /// </summary>
    public bool OnReactor { get; init; }

    /// <summary>How long a read or a write may wait for the web server, and how long it may leave a connection unused. nginx has 60 s for the same.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes that a request's variables may have; nginx takes heads of 32 KB.</summary>
    public int ParamsBytes { get; init; } = 128 * 1024;

    /// <summary>Bytes that a request's body may have unless the handler sets <see cref="Http.Exchange.BodyLimit"/>.</summary>
    public long BodyLimit { get; init; } = 1L << 30;

    /// <summary>Connections at a time, each of which carries one request at a time.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>Takes, from any thread, what a handler threw that was not the client's fault.</summary>
    public Action<Exception>? HandlerFailed { get; init; }
}
