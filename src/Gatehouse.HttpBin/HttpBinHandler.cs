using System.Text;
using Gatehouse.Http;
using Gatehouse.HttpBin.Inspector;
using Gatehouse.HttpBin.Routing;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.HttpBin;

/// <summary>
/// httpbin: answers that show the request, and answers of every kind to try a client on. As the original (github.com/psf/httpbin) has them; where it differs,
/// docs/reference/httpbin.md says why. Any page of any origin may read its answers, as with the original: serve nothing private beside it.
/// </summary>
public sealed class HttpBinHandler : IHandler
{
    private readonly string _prefix;
    private readonly RequestInspector _inspector;

    /// <summary>Makes the handler.</summary>
    /// <param name="prefix">What stands before its paths: <c>/bin</c>, or empty.</param>
    /// <param name="inspector">Where <c>/inspect/NAME</c> keeps requests.</param>
    public HttpBinHandler(string prefix, RequestInspector inspector)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        _prefix = prefix;
        _inspector = inspector;
    }

    /// <inheritdoc/>
    public async ValueTask HandleAsync(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        try
        {
            await AnswerAsync(exchange);
        }
        catch (BadRequestException exception) when (!exchange.Response.HasStarted && exception.Status is 400 or 413 or 415)
        {
            exchange.Response.Headers.Clear();
            exchange.Response.Status = exception.Status;
            AddCors(exchange);
            exchange.Response.Headers.Add(KnownHeader.ContentType, "text/plain; charset=utf-8"u8);
            await exchange.SendAsync(Encoding.UTF8.GetBytes(exception.Message + "\n"));
        }
        catch (OperationCanceledException) when (exchange.IsAborted || exchange.IsExpired)
        {
            // Nobody waits for the answer any more.
            if (exchange.Response.HasStarted)
                exchange.Abort();
        }
    }

    private ValueTask AnswerAsync(Exchange exchange)
    {
        var request = exchange.Request;
        var method = Encoding.Latin1.GetString(request.MethodName);
        var path = Encoding.UTF8.GetString(request.Path);
        if (_prefix.Length > 0 && path.StartsWith(_prefix, StringComparison.Ordinal))
            path = path[_prefix.Length..] is { Length: > 0 } rest ? rest : "/";
        if (InspectorPath.TryParse(path, out var inspected))
            return _inspector.HandleAsync(exchange, method, inspected);
        AddCors(exchange);
        var (endpoint, values) = EndpointTable.Find(path, method);
        if (endpoint is null)
        {
            exchange.Response.Status = 404;
            return default;
        }
        var call = new BinCall(exchange, _prefix, method, values);
        if (endpoint.Takes(method))
            return endpoint.Answer(call);
        exchange.Response.Headers.Set(KnownHeader.Allow, Encoding.ASCII.GetBytes(string.Join(", ", endpoint.Allowed)));
        if (method == "OPTIONS")
            return call.EndAsync();
        exchange.Response.Status = 405;
        return default;
    }

    private static void AddCors(Exchange exchange)
    {
        var request = exchange.Request;
        var headers = exchange.Response.Headers;
        headers.Set(KnownHeader.AccessControlAllowOrigin, request.Headers.TryGet(KnownHeader.Origin, out var origin) ? origin : "*"u8);
        headers.Set("Access-Control-Allow-Credentials"u8, "true"u8);
        if (!request.MethodName.SequenceEqual("OPTIONS"u8))
            return;
        headers.Set("Access-Control-Allow-Methods"u8, "GET, POST, PUT, DELETE, PATCH, OPTIONS"u8);
        headers.Set("Access-Control-Max-Age"u8, "3600"u8);
        if (request.Headers.TryGet("Access-Control-Request-Headers"u8, out var wanted))
            headers.Set("Access-Control-Allow-Headers"u8, wanted);
    }
}
