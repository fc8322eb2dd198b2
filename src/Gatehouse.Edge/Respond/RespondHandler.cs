using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Respond;

/// <summary>Answers every request alike.</summary>
internal sealed class RespondHandler : IHandler
{
    private readonly int _status;
    private readonly byte[] _body;
    private readonly (byte[] Name, byte[] Value)[] _headers;
    private readonly byte[] _type;

    public RespondHandler(RespondConfig config)
    {
        _status = config.Status;
        _body = Encoding.UTF8.GetBytes(config.Body);
        _type = Encoding.UTF8.GetBytes(config.Type);
        _headers = [.. config.Headers.Select(field => (Encoding.UTF8.GetBytes(field.Key), Encoding.UTF8.GetBytes(field.Value)))];
    }

    public ValueTask HandleAsync(Exchange exchange)
    {
        var response = exchange.Response;
        response.Status = _status;
        foreach (var (name, value) in _headers)
            response.Headers.Add(name, value);
        // An error without a body of its own gets the error page.
        if (_body.Length == 0)
            return _status >= 400 ? default : exchange.CompleteAsync();
        response.Headers.Add(KnownHeader.ContentType, _type);
        return exchange.SendAsync(_body);
    }
}
