using System.Buffers;
using System.Globalization;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Secure;

/// <summary>
/// Sees to it that a site's requests come on connections of its own kind. 1. Over TLS where the site has none, or where clients showed what another site asks
/// for: 421, since a client may send requests for one name on a connection that it made for another. 2. Without TLS: to the port that has it. 3. Answers over
/// TLS say that there is TLS.
/// </summary>
public sealed class SecureSiteHandler : IHandler, IResponseFilter
{
    private readonly IHandler _inner;
    private readonly SecureSiteRules _rules;
    private readonly byte[] _port;
    private readonly byte[] _strictTransport;

    /// <summary>Puts the rules before <paramref name="inner"/>.</summary>
    public SecureSiteHandler(SecureSiteRules rules, IHandler inner)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _rules = rules;
        _inner = inner;
        _port = rules.RedirectPort == 443 ? [] : Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $":{rules.RedirectPort}"));
        _strictTransport = Encoding.ASCII.GetBytes(rules.StrictTransport);
    }

    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (!exchange.Request.IsSecure && _rules.RedirectPort != 0)
            return Redirect(exchange);
        if (exchange.Tls is { } tls ? !_rules.AllowsTls || !IsOfScope(tls.ClientScope) : _rules.ClientScope.Length > 0)
            return Refuse(exchange);
        if (exchange.Request.IsSecure && _strictTransport.Length > 0)
            exchange.AddFilter(this);
        return _inner.HandleAsync(exchange);
    }

    IBodyTransform? IResponseFilter.OnResponse(Exchange exchange)
    {
        if (!exchange.Response.Headers.Contains(KnownHeader.StrictTransportSecurity))
            exchange.Response.Headers.Add(KnownHeader.StrictTransportSecurity, _strictTransport);
        return null;
    }

    private bool IsOfScope(string scope) => _rules.ClientScope.Length == 0 || scope == _rules.ClientScope;

    private static ValueTask Refuse(Exchange exchange)
    {
        exchange.Response.Status = 421;
        exchange.Notes.Failure = "the connection was made under other rules of TLS than the site has";
        return default;
    }

    // 308 keeps the method and the body (RFC 9110 section 15.4.9); the target goes on as the client spelt it, which the parser has checked.
    private ValueTask Redirect(Exchange exchange)
    {
        var request = exchange.Request;
        var location = new ArrayBufferWriter<byte>(64 + request.Host.Length + request.Target.Length);
        location.Write("https://"u8);
        location.Write(request.Host);
        location.Write(_port);
        if (request.RawPath is [(byte)'/', ..])
            location.Write(request.RawPath);
        if (request.HasQuery)
        {
            location.Write("?"u8);
            location.Write(request.Query);
        }

        exchange.Response.Status = 308;
        exchange.Response.Headers.Add(KnownHeader.Location, location.WrittenSpan);
        return exchange.CompleteAsync();
    }
}
