using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Server;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Host;

/// <summary>Tells the log what the HTTP server refused or a handler failed at: at most a few lines a second, so that an attack does not fill the disk.</summary>
internal sealed class ServerEvents(IServerLog log) : IServerEvents, ITlsEvents
{
    private readonly LineRate _lines = new(perSecond: 10);

    public void OnRefused(Endpoint remote, int status, string reason)
    {
        if (status != 499 && Admit())
            log.Warn(status == 0 ? $"{remote}: connection ended: {reason}" : $"{remote}: {status}: {reason}");
    }

    public void OnHandlerFailed(Exchange exchange, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (Admit())
            log.Error($"{exchange.Request.Client}: {Encoding.Latin1.GetString(exchange.Request.MethodName)} {Encoding.Latin1.GetString(exchange.Request.RawPath)}: the handler failed: {exception}");
    }

    public void OnHandshakeFailed(Endpoint remote, string reason)
    {
        if (Admit())
            log.Warn($"{remote}: connection ended: {reason}");
    }

    public void OnAcceptSuspended(string reason) => log.Error($"no connection can be accepted until others end: {reason}");

    private bool Admit()
    {
        var admits = _lines.Admits(out var leftOut);
        if (leftOut > 0)
            log.Warn($"{leftOut} more lines like these were left out");
        return admits;
    }
}
