using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Tests.Support;

/// <summary>Gives each accepted connection to a function of the test.</summary>
internal sealed class Acceptor(Action<Transport> accept) : IConnectionAcceptor
{
    private int _accepted;
    private int _suspensions;

    internal static Endpoint Loopback => new(IpAddress.FromV4(0x7F000001), 0);

    internal static Endpoint LoopbackV6 => new(IpAddress.FromV6(0, 1), 0);

    internal int Accepted => Volatile.Read(ref _accepted);

    internal int Suspensions => Volatile.Read(ref _suspensions);

    internal int SuspendedBy { get; private set; }

    internal static Acceptor Echo() => new(transport => _ = new EchoConnection(transport));

    public void Accept(Transport transport)
    {
        Interlocked.Increment(ref _accepted);
        accept(transport);
    }

    public void AcceptSuspended(int errno, TimeSpan pause)
    {
        SuspendedBy = errno;
        Interlocked.Increment(ref _suspensions);
    }
}
