using System.Net;
using Gatehouse.AspNetCore.Requests;
using Gatehouse.Http;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.AspNetCore.Connections;

/// <summary>
/// What a client's connection keeps from request to request: its name and addresses as ASP.NET Core has them, and the features of requests that have ended,
/// with the HttpContext that goes with them, for those that come. They never serve another client's connection, so that what an application does with a
/// request behind its end cannot reach a stranger.
/// </summary>
internal sealed class ClientConnection : IHttpConnectionFeature, IConnectionItemsFeature
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

    // Unlike those of a process before, so that log lines of two runs are told apart.
    private static long _lastId = DateTime.UtcNow.Ticks;

    private readonly Endpoint _remote;
    private readonly Endpoint _local;
    private ApplicationRequest? _idle;
    private string? _id;
    private IPAddress? _remoteAddress;
    private IPAddress? _localAddress;
    private int? _remotePort;
    private int? _localPort;

    public ClientConnection(Reactor reactor, Exchange exchange)
    {
        Reactor = reactor;
        _remote = exchange.RemoteEndpoint;
        _local = exchange.LocalEndpoint;
        Tls = exchange.Tls is { } facts ? new TlsFeature(facts) : null;
    }

    /// <summary>The reactor that the connection lives on.</summary>
    public Reactor Reactor { get; }

    /// <summary>What TLS agreed on; null without TLS.</summary>
    public TlsFeature? Tls { get; }

    /// <summary>Requests that the connection has had. On the reactor.</summary>
    public int Requests { get; set; }

    public string ConnectionId
    {
        get => _id ?? MakeId();
        set => _id = value;
    }

    public IPAddress? RemoteIpAddress
    {
        get => _remoteAddress ??= AddressOf(_remote);
        set => _remoteAddress = value;
    }

    public IPAddress? LocalIpAddress
    {
        get => _localAddress ??= AddressOf(_local);
        set => _localAddress = value;
    }

    public int RemotePort
    {
        get => _remotePort ?? _remote.Port;
        set => _remotePort = value;
    }

    public int LocalPort
    {
        get => _localPort ?? _local.Port;
        set => _localPort = value;
    }

    public IDictionary<object, object?> Items { get => field ??= new Dictionary<object, object?>(); set; }

    /// <summary>Features of a request that has ended; null when all are in use. On the reactor.</summary>
    public ApplicationRequest? Rent()
    {
        var request = _idle;
        _idle = request?.Next;
        return request;
    }

    /// <summary>Takes back the features of a request that has ended. On the reactor.</summary>
    public void Return(ApplicationRequest request)
    {
        request.Next = _idle;
        _idle = request;
    }

    /// <summary>Undoes what a request's application set: a middleware that believes a proxy speaks of one request.</summary>
    public void ResetAddresses()
    {
        if (_remotePort is null && _localPort is null && _remoteAddress is null && _localAddress is null)
            return;
        _remotePort = _localPort = null;
        if (_remoteAddress is not null && !Equals(_remoteAddress, AddressOf(_remote)))
            _remoteAddress = null;
        if (_localAddress is not null && !Equals(_localAddress, AddressOf(_local)))
            _localAddress = null;
    }

    private static IPAddress? AddressOf(Endpoint endpoint) => endpoint.IsUnix || endpoint.Address.IsNone ? null : endpoint.Address.ToIPAddress();

    // Requests of HTTP/2 may ask at once; all get the one that stands.
    private string MakeId()
    {
        var made = string.Create(13, Interlocked.Increment(ref _lastId), static (text, value) =>
        {
            for (var i = text.Length - 1; i >= 0; i--, value >>= 5)
                text[i] = Digits[(int)(value & 31)];
        });
        return Interlocked.CompareExchange(ref _id, made, null) ?? made;
    }
}
