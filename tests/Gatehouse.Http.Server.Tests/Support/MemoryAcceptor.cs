using Gatehouse.Net.Transports;

namespace Gatehouse.Http.Server.Tests.Support;

/// <summary>Gives the server one end of a connection in memory for each socket, and joins the other end to that socket.</summary>
internal sealed class MemoryAcceptor(HttpServer server, int limit) : IConnectionAcceptor
{
    public void Accept(Transport transport)
    {
        var (near, far) = MemoryTransport.Pair(transport.Reactor, transport.Reactor);
        far.ReadLimit = far.WriteLimit = limit;
        Splice.Join(transport, near);
        server.Accept(far);
    }
}
