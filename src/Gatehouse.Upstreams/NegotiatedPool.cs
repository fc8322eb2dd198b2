using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http2;

namespace Gatehouse.Upstreams;

/// <summary>The connections to a target that says by ALPN what it speaks: those of HTTP/2, and those of HTTP/1.1 where it chose that or a request needs it.</summary>
internal sealed class NegotiatedPool(ConnectionPool http1, Http2ConnectionPool http2) : IConnectionPool
{
    public ConnectionPool Http1 => http1;

    public Http2ConnectionPool Http2 => http2;

    public void Close()
    {
        http1.Close();
        http2.Close();
    }
}
