using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Host.Control;

/// <summary>Answers GET /status, POST /reload and POST /stop.</summary>
internal sealed class ControlHandler(RunningServer server, IControlCommands commands) : IHandler
{
    public async ValueTask HandleAsync(Exchange exchange)
    {
        var method = exchange.Request.Method;
        var path = exchange.Request.Path;
        if (method == Protocols.Method.Get && path.SequenceEqual("/status"u8))
        {
            exchange.Response.Headers.Add(KnownHeader.ContentType, "application/json"u8);
            await exchange.SendAsync(await StatusReport.WriteAsync(server));
        }
        else if (method == Protocols.Method.Post && path.SequenceEqual("/reload"u8))
        {
            // Reading files and binding sockets may take a while; a reactor must not wait for it.
            var fault = await Task.Run(commands.Reload);
            exchange.Response.Status = fault is null ? 200 : 422;
            exchange.Response.Headers.Add(KnownHeader.ContentType, "text/plain; charset=utf-8"u8);
            await exchange.SendAsync(Encoding.UTF8.GetBytes(fault ?? "reloaded\n"));
        }
        else if (method == Protocols.Method.Post && path.SequenceEqual("/stop"u8))
        {
            exchange.Response.Headers.Add(KnownHeader.ContentType, "text/plain; charset=utf-8"u8);
            await exchange.SendAsync("stopping\n"u8.ToArray());
            commands.Stop();
        }
        else
        {
            exchange.Response.Status = 404;
        }
    }
}
