using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>Who takes the connections that a <see cref="Listener"/> accepts, on the reactor they will live on.</summary>
public interface IConnectionAcceptor
{
    /// <summary>Takes a new connection. The first read may be tried at once: bytes are often there already.</summary>
    void Accept(Transport transport);
}

/// <summary>
/// One listening endpoint over a group of reactors: for TCP one SO_REUSEPORT socket each, after a probe bind without it so that a second server on
/// the port fails; for a Unix path one socket shared with EPOLLEXCLUSIVE. EMFILE disarms it for a while and other clients keep being served.
/// </summary>
public sealed class Listener : IDisposable
{
    private Listener()
    {
    }

    /// <summary>The endpoint it is bound to, with the real port where 0 was asked.</summary>
    public Endpoint Endpoint => throw new NotImplementedException();

    /// <summary>Binds and listens on all of <paramref name="reactors"/>; each connection goes to <paramref name="acceptor"/> on its reactor.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The endpoint cannot be bound: in use, not permitted, not an address of this machine.</exception>
    public static Listener Start(IReadOnlyList<Reactor> reactors, Endpoint endpoint, IConnectionAcceptor acceptor, ListenerOptions? options = null) =>
        throw new NotImplementedException();

    /// <summary>Stops accepting. Connections that wait in the kernel's queue are accepted first; those accepted live on.</summary>
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>How a <see cref="Listener"/> listens.</summary>
public sealed record ListenerOptions
{
    /// <summary>Length of the accept queue; the kernel caps it at net.core.somaxconn. nginx has 511, Kestrel 512.</summary>
    public int Backlog { get; init; } = 1024;

    /// <summary>Access mode of a Unix socket's file.</summary>
    public UnixFileMode UnixMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
}
