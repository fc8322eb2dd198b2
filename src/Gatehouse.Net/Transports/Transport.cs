using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Tls;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Transports;

/// <summary>
/// A two-way stream of bytes that lives on one reactor and knows no protocol. Every operation is non-blocking and is called on the reactor's thread;
/// one that cannot proceed says <see cref="IoResult.WouldBlock"/> and an edge follows at <see cref="Events"/>. TCP, Unix, TLS and Memory have this same face.
/// A transport holds no buffer while it is idle.
/// </summary>
public abstract class Transport
{
    /// <summary>Binds the transport to the reactor it lives on.</summary>
    protected Transport(Reactor reactor) => Reactor = reactor;

    /// <summary>The reactor that owns this transport.</summary>
    public Reactor Reactor { get; }

    /// <summary>Who is told of edges. Set before the first read, on the reactor.</summary>
    public ITransportEvents? Events { get; set; }

    /// <summary>This side's endpoint.</summary>
    public abstract Endpoint LocalEndpoint { get; }

    /// <summary>The peer's endpoint; the default value for an unnamed Unix or a Memory peer.</summary>
    public abstract Endpoint RemoteEndpoint { get; }

    /// <summary>True once <see cref="Close"/> or <see cref="Abort"/> was called.</summary>
    public abstract bool IsClosed { get; }

    /// <summary>True when it is known that the peer has ended its side, whether or not all that it sent has been read.</summary>
    public virtual bool HasPeerEnded => false;

    /// <summary>What TLS agreed on; null without TLS, and until its handshake is over.</summary>
    public virtual TlsFacts? Tls => null;

    /// <summary>Why it is broken, for people, where that is more than an errno tells: what a handshake or a record's check found wrong.</summary>
    public virtual string? Fault => null;

    /// <summary>
    /// Reads what is there, at most <paramref name="buffer"/>. <see cref="IoResult.EndOfStream"/> when the peer has ended its side. After a
    /// short read the next call may answer WouldBlock without a system call. The first call that would wait is what registers for edges.
    /// </summary>
    public abstract IoResult Read(Span<byte> buffer);

    /// <summary>
    /// Looks at what can be read without taking it, at most <paramref name="buffer"/>: an edge follows when more comes. For who must find out what a connection
    /// begins with before it is given on.
    /// </summary>
    /// <exception cref="NotSupportedException">The transport cannot.</exception>
    internal virtual IoResult Peek(Span<byte> buffer) => throw new NotSupportedException($"{GetType().Name} cannot be peeked at.");

    /// <summary>Replaces the endpoints by those that a trusted proxy has announced.</summary>
    /// <exception cref="NotSupportedException">The transport cannot.</exception>
    internal virtual void Announce(in Endpoint remote, in Endpoint local) => throw new NotSupportedException($"{GetType().Name} has its own endpoints.");

    /// <summary>
    /// Registers for edges now: for an owner that does not read yet, and wants to hear when the peer ends or breaks the connection. No-op where edges come
    /// without it.
    /// </summary>
    public virtual void Watch()
    {
    }

    /// <summary>
    /// Writes what fits of <paramref name="data"/>. Done may be fewer bytes than given; then the next call would wait. After a failed write all
    /// writes fail, but what the peer had sent can still be read. After WouldBlock the next write begins with the same bytes: some may be on their way.
    /// </summary>
    public abstract IoResult Write(ReadOnlySpan<byte> data);

    /// <summary>Writes what fits of two parts in one system call, in order (a head and its body).</summary>
    public abstract IoResult Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second);

    /// <summary>Sends up to <paramref name="count"/> bytes of a file from <paramref name="offset"/>. A file that ended early gives Done(0).</summary>
    public abstract IoResult SendFile(SafeFileHandle file, long offset, long count);

    /// <summary>Ends this side of the stream (half-close, FIN); reading goes on.</summary>
    public abstract void ShutdownWrite();

    /// <summary>Closes both sides in order; unsent bytes of the kernel still go out. No event follows. Calling it again does nothing.</summary>
    public abstract void Close();

    /// <summary>Closes at once and resets the peer. No event follows.</summary>
    public abstract void Abort();
}
