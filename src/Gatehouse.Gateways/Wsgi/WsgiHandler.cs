using System.Text;
using Gatehouse.Gateways.Python;
using Gatehouse.Http;

namespace Gatehouse.Gateways.Wsgi;

/// <summary>Answers requests with a WSGI application.</summary>
internal sealed class WsgiHandler(PythonPool pool) : PythonHandler(pool)
{
    private readonly byte[] _strip = Encoding.UTF8.GetBytes(pool.Settings.Config.Strip ?? "");

    /// <inheritdoc/>
    protected override void WriteRequest(PythonRequest request, Exchange exchange, RequestBody? body) =>
        WsgiEnviron.Write(request, exchange, _strip, body?.Length ?? exchange.Request.ContentLength);
}
