using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Server;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Host;

/// <summary>Tells the log what the HTTP server refused or a handler failed at: at most a few lines a second, so that an attack does not fill the disk.</summary>
internal sealed class ServerEvents(IServerLog log) : IServerEvents, ITlsEvents
{
    private const int LinesPerSecond = 10;
    private readonly Lock _lock = new();
    private long _second;
    private int _lines;
    private long _dropped;

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
        lock (_lock)
        {
            var second = Environment.TickCount64 / 1000;
            if (second != _second)
            {
                if (_dropped > 0)
                    log.Warn($"{_dropped} more lines like these were left out");
                (_second, _lines, _dropped) = (second, 0, 0);
            }
            if (++_lines <= LinesPerSecond)
                return true;
            _dropped++;
            return false;
        }
    }
}
