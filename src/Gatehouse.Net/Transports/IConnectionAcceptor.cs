namespace Gatehouse.Net.Transports;

/// <summary>Who takes the connections that a <see cref="Listener"/> accepts, on the reactor they will live on.</summary>
public interface IConnectionAcceptor
{
    /// <summary>Takes a new connection. The first read may be tried at once: bytes are often there already.</summary>
    void Accept(Transport transport);

    /// <summary>
    /// The listener has stopped accepting for <paramref name="pause"/> because descriptors or memory ran out; connections wait in the kernel's queue
    /// meanwhile. Told once until accepting works again. On the reactor that met it.
    /// </summary>
    /// <param name="errno">EMFILE (RLIMIT_NOFILE), ENFILE, ENOBUFS or ENOMEM; <see cref="Errno.Describe"/> has the text.</param>
    /// <param name="pause">How long it will not accept.</param>
    void AcceptSuspended(int errno, TimeSpan pause)
    {
    }
}
