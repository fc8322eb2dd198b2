using System.Text;
using Gatehouse.Gateways.Python;
using Gatehouse.Http;

namespace Gatehouse.Gateways.Wsgi;

/// <summary>Answers requests with a WSGI application.</summary>
internal sealed class WsgiHandler(PythonPool pool) : PythonHandler(pool)
{
    // What worker.py makes of a body that did not come along.
    private const int BodyInFile = 0;
    private const int BodyStreams = 1;

    private readonly byte[] _strip = Encoding.UTF8.GetBytes(pool.Settings.Config.Strip ?? "");

    /// <inheritdoc/>
    protected override void WriteMessage(PythonRequest request, Exchange exchange, RequestBody? body)
    {
        var message = request.Message;
        message.Tuple(3);
        message.Number(0);
        if (body is { File: not null })
            message.Number(BodyInFile);
        else if (body is not null)
            message.Bytes(body.Memory);
        else if (exchange.Request.HasBody)
            message.Number(BodyStreams);
        else
            message.None();
        WsgiEnviron.Write(request, exchange, _strip, body?.Length ?? exchange.Request.ContentLength);
    }
}
