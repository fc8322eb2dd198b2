using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>
/// One listening endpoint over a group of reactors: for TCP one SO_REUSEPORT socket each, after a probe bind without it so that a second server on
/// the port fails; for a Unix path one socket shared with EPOLLEXCLUSIVE. EMFILE disarms it for a while and other clients keep being served.
/// </summary>
public sealed class Listener : IDisposable
{
    private readonly AcceptSource[] _sources;
    private readonly UnixSocketFile? _file;
    private int _disposed;

    private Listener(IReadOnlyList<Reactor> reactors, SharedDescriptor[] sockets, Endpoint endpoint, UnixSocketFile? file, IConnectionAcceptor acceptor)
    {
        Endpoint = endpoint;
        _file = file;
        _sources = new AcceptSource[reactors.Count];
        for (var i = 0; i < _sources.Length; i++)
            _sources[i] = new AcceptSource(reactors[i], sockets[i], isShared: endpoint.IsUnix, acceptor);
        foreach (var source in _sources)
            source.Start();
    }

    /// <summary>The endpoint it is bound to, with the real port where 0 was asked.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>Binds and listens on all of <paramref name="reactors"/>; each connection goes to <paramref name="acceptor"/> on its reactor.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The endpoint cannot be bound: in use, not permitted, not an address of this machine.</exception>
    /// <exception cref="ArgumentException">No reactor is given, the endpoint is none, or its Unix path is empty, too long or has a NUL.</exception>
    public static Listener Start(IReadOnlyList<Reactor> reactors, Endpoint endpoint, IConnectionAcceptor acceptor, ListenerOptions? options = null)
    {
        if (reactors.Count == 0)
            throw new ArgumentException("Expected at least one reactor to listen on; found none.", nameof(reactors));
        options ??= new ListenerOptions();
        if (!endpoint.IsUnix)
        {
            var descriptors = ListeningSockets.OpenTcp(ref endpoint, reactors.Count, options);
            return new Listener(reactors, Array.ConvertAll(descriptors, value => new SharedDescriptor(value, 1)), endpoint, null, acceptor);
        }

        var shared = new SharedDescriptor(ListeningSockets.OpenUnix(endpoint, options, out var file), reactors.Count);
        var sockets = new SharedDescriptor[reactors.Count];
        Array.Fill(sockets, shared);
        return new Listener(reactors, sockets, endpoint, file, acceptor);
    }

    /// <summary>
    /// Stops accepting. Connections that wait in the kernel's queue are accepted first; those accepted live on. When it returns the endpoint is free,
    /// unless it was called on a reactor: then the other reactors stop in their next turn.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        _file?.Remove();
        using var stopped = new CountdownEvent(_sources.Length);
        var inline = Reactor.Current is not null;
        foreach (var source in _sources)
            source.Stop(inline ? null : stopped);
        if (!inline)
            stopped.Wait();
    }
}
