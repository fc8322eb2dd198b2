using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Server;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols.Addresses;
using Microsoft.Extensions.Logging;

namespace Gatehouse.Web;

/// <summary>Tells the log what the server refused: at most a few lines a second, so that an attack does not fill the disk.</summary>
internal sealed class AppEvents(ILogger logger) : IServerEvents, ITlsEvents
{
    private readonly LineRate _lines = new(perSecond: 10);

    public void OnRefused(Endpoint remote, int status, string reason)
    {
        // A handler's own failure has its line already.
        if (status is not (499 or 500) && Admit())
            AppLog.Refused(logger, remote.ToString(), status, reason);
    }

    public void OnHandlerFailed(Exchange exchange, Exception exception)
    {
        if (Admit())
            AppLog.HandlerFailed(logger, Encoding.Latin1.GetString(exchange.Request.MethodName), Encoding.Latin1.GetString(exchange.Request.RawPath), Failures.RequestId(exchange), exception);
    }

    public void OnHandshakeFailed(Endpoint remote, string reason) => OnRefused(remote, 0, reason);

    public void OnAcceptSuspended(string reason) => AppLog.AcceptSuspended(logger, reason);

    private bool Admit()
    {
        var admits = _lines.Admits(out var leftOut);
        if (leftOut > 0)
            AppLog.LeftOut(logger, leftOut);
        return admits;
    }
}
