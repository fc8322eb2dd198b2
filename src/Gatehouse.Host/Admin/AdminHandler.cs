using Gatehouse.Edge.Metrics;
using Gatehouse.Host.Control;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Host.Admin;

/// <summary>What the admin address answers: /metrics for Prometheus, /status as JSON. It changes nothing: commands go over the control socket.</summary>
internal sealed class AdminHandler(RunningServer server, MetricsRegistry registry) : IHandler
{
    private readonly MetricsHandler _metrics = new(registry);

    public ValueTask HandleAsync(Exchange exchange)
    {
        var path = exchange.Request.Path;
        if (path.SequenceEqual("/metrics"u8))
            return _metrics.HandleAsync(exchange);
        if (path.SequenceEqual("/status"u8) && exchange.Request.Method is Protocols.Method.Get or Protocols.Method.Head)
        {
            exchange.Response.Headers.Add(KnownHeader.ContentType, "application/json"u8);
            return SendStatusAsync(exchange);
        }
        exchange.Response.Status = 404;
        return default;
    }

    private async ValueTask SendStatusAsync(Exchange exchange) => await exchange.SendAsync(await StatusReport.WriteAsync(server));
}
