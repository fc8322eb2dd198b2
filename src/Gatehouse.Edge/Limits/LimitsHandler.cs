using Gatehouse.Http;

namespace Gatehouse.Edge.Limits;

/// <summary>
/// Refuses a request whose head says that it is too large, before anything of it is read, and bounds the body of one that does not say.
/// </summary>
internal sealed class LimitsHandler : IHandler
{
    private readonly IHandler _inner;
    private readonly long _body;
    private readonly long _head;
    private readonly int _fields;
    private readonly string _bodyFailure;
    private readonly string _headFailure;
    private readonly string _fieldsFailure;

    public LimitsHandler(LimitsConfig config, IHandler inner)
    {
        _inner = inner;
        _body = config.Body?.Bytes ?? -1;
        _head = config.Head?.Bytes ?? long.MaxValue;
        _fields = config.Fields ?? int.MaxValue;
        _bodyFailure = $"the request's body is longer than {config.Body} (limits.body)";
        _headFailure = $"the request's header fields are longer than {config.Head} (limits.head)";
        _fieldsFailure = $"the request has more than {config.Fields} header fields (limits.fields)";
    }

    public ValueTask HandleAsync(Exchange exchange)
    {
        var request = exchange.Request;
        if (request.Headers.Count > _fields)
            return Refuse(exchange, 431, _fieldsFailure);
        if (_head != long.MaxValue && SizeOf(request) > _head)
            return Refuse(exchange, 431, _headFailure);
        if (_body < 0)
            return _inner.HandleAsync(exchange);
        // RFC 9110 section 15.5.14; a client that waits for 100 (Continue) has then sent no body in vain.
        if (request.ContentLength > _body)
            return Refuse(exchange, 413, _bodyFailure);
        exchange.BodyLimit = _body;
        return _inner.HandleAsync(exchange);
    }

    private static ValueTask Refuse(Exchange exchange, int status, string failure)
    {
        exchange.Notes.Failure = failure;
        exchange.Response.Status = status;
        return default;
    }

    // As HTTP/1 spells them: name ": " value CRLF.
    private static long SizeOf(Request request)
    {
        var size = 0L;
        for (var i = 0; i < request.Headers.Count; i++)
            size += request.Headers[i].Name.Length + request.Headers[i].Value.Length + 4;
        return size;
    }
}
