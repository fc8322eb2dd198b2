using System.Globalization;
using System.Text;
using Gatehouse.Http;
using Gatehouse.HttpBin.Endpoints;
using Gatehouse.HttpBin.Requests;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.HttpBin.Inspector;

/// <summary>
/// <c>/inspect/NAME</c>: keeps the last requests that were sent there or below in memory, and shows them. What is asked for by a GET of the path itself with
/// Accept: text/html is the page, with text/event-stream the live list, with application/json the list; any other request is kept. Other origins may not read it.
/// </summary>
public sealed class RequestInspector
{
    /// <summary>Lists that are kept; the one that was used longest ago goes first.</summary>
    public const int MaxLists = 64;

    // Under the time after which browsers and proxies take a silent connection for dead.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, RequestList> _lists = new(StringComparer.Ordinal);
    private long _uses;

    internal async ValueTask HandleAsync(Exchange exchange, string method, InspectorPath path)
    {
        var request = exchange.Request;
        var accept = request.Headers.TryGet(KnownHeader.Accept, out var value) ? Encoding.Latin1.GetString(value) : "";
        var shows = method is "GET" or "HEAD" && path.Below.Length == 0;
        if (shows && accept.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
            await StreamAsync(exchange, List(path.Name));
        else if (shows && accept.Contains("text/html", StringComparison.OrdinalIgnoreCase))
            await SendAsync(exchange, "text/html; charset=utf-8", Images.Asset("inspect.html"));
        else if (shows && accept.Contains("application/json", StringComparison.OrdinalIgnoreCase))
            await SendAsync(exchange, "application/json", Json(List(path.Name).All()));
        else
            await KeepAsync(exchange, path.Name, method);
    }

    private async ValueTask KeepAsync(Exchange exchange, string name, string method)
    {
        var body = await RequestBody.ReadBytesAsync(exchange);
        var kept = List(name).Add(number => InspectedRequest.Of(exchange, number, method, body));
        await SendAsync(exchange, "application/json", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"kept\": {kept.Number}}}\n")));
    }

    private static async ValueTask StreamAsync(Exchange exchange, RequestList list)
    {
        if (!list.TryWatch(out var watch))
        {
            exchange.Response.Status = 503;
            await SendAsync(exchange, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes($"At most {RequestList.MaxViewers} may watch a list at once.\n"));
            return;
        }
        using (watch)
        {
            exchange.Response.Headers.Set(KnownHeader.ContentType, "text/event-stream"u8);
            exchange.Response.Headers.Set(KnownHeader.CacheControl, "no-store"u8);
            exchange.Response.Headers.Set(KnownHeader.XAccelBuffering, "no"u8);
            await exchange.WriteAsync(": the last requests, then each as it comes\n\n"u8.ToArray());
            while (!exchange.IsAborted)
            {
                var next = await watch.NextAsync(Heartbeat, exchange.Aborted);
                var text = next is null ? ":\n\n" : $"id: {next.Number}\ndata: {Encoding.UTF8.GetString(next.Json)}\n\n";
                await exchange.WriteAsync(Encoding.UTF8.GetBytes(text));
            }
        }
    }

    private RequestList List(string name)
    {
        lock (_lock)
        {
            if (!_lists.TryGetValue(name, out var list))
            {
                if (_lists.Count == MaxLists)
                    _lists.Remove(_lists.MinBy(pair => pair.Value.LastUse).Key);
                _lists[name] = list = new RequestList();
            }
            list.LastUse = ++_uses;
            return list;
        }
    }

    private static byte[] Json(IReadOnlyList<InspectedRequest> requests)
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < requests.Count; i++)
            text.Append(i == 0 ? "\n" : ",\n").Append(Encoding.UTF8.GetString(requests[i].Json));
        return Encoding.UTF8.GetBytes(text.Append("\n]\n").ToString());
    }

    private static ValueTask SendAsync(Exchange exchange, string type, byte[] body)
    {
        exchange.Response.Headers.Set(KnownHeader.ContentType, Encoding.ASCII.GetBytes(type));
        exchange.Response.Headers.Set(KnownHeader.CacheControl, "no-store"u8);
        return exchange.SendAsync(body);
    }
}
