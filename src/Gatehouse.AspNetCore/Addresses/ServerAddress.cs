using System.Net;
using System.Net.Sockets;
using Gatehouse.Protocols.Addresses;
using Microsoft.AspNetCore.Http;
using Endpoint = Gatehouse.Protocols.Addresses.Endpoint;

namespace Gatehouse.AspNetCore.Addresses;

/// <summary>
/// One of the addresses that ASP.NET Core lists, such as <c>http://localhost:5000</c>, <c>https://*:443</c> or <c>http://unix:/run/app.sock</c>, and the
/// endpoints that it stands for.
/// </summary>
internal sealed class ServerAddress
{
    private readonly BindingAddress _address;

    private ServerAddress(BindingAddress address, IReadOnlyList<IReadOnlyList<Endpoint>> endpoints)
    {
        _address = address;
        Endpoints = endpoints;
    }

    /// <summary>True when it is served over TLS.</summary>
    public bool IsSecure => _address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase);

    /// <summary>The host as it was written.</summary>
    public string Host => _address.Host;

    /// <summary>
    /// What to listen on. Of each group one endpoint must be had: a machine may lack IPv4 or IPv6, which is no fault where either is asked for.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Endpoint>> Endpoints { get; }

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is none; the message says what was expected.</exception>
    public static ServerAddress Parse(string text)
    {
        var address = BindingAddress.Parse(text);
        if (!address.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase) && !address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
            throw new FormatException($"Expected an address that begins with http:// or https://; found '{text}'.");
        if (address.PathBase.Length > 0)
            throw new FormatException($"Expected an address without a path (UsePathBase is for that); found '{text}'.");
        return new ServerAddress(address, EndpointsOf(address));
    }

    /// <summary>The address as it is listed once it is bound, with the real port.</summary>
    public string Bound(Endpoint endpoint) =>
        endpoint.IsUnix ? _address.ToString() : $"{_address.Scheme.ToLowerInvariant()}://{BoundHost(endpoint)}:{endpoint.Port}";

    private static IReadOnlyList<IReadOnlyList<Endpoint>> EndpointsOf(BindingAddress address)
    {
        if (address.IsUnixPipe)
            return [[new Endpoint(address.UnixPipePath)]];
        var port = (ushort)address.Port;
        if (address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            // Port 0 gives each socket a port of its own; as with Kestrel it is for an address, not for a name.
            if (port == 0)
                throw new FormatException("Port 0 needs an address: write http://127.0.0.1:0 or http://[::1]:0 instead of localhost.");
            return [[At(IPAddress.Loopback, port), At(IPAddress.IPv6Loopback, port)]];
        }
        if (IPAddress.TryParse(address.Host, out var ip))
            return [[At(ip, port)]];
        // A name other than localhost is every address of the machine, as with Kestrel.
        return port == 0 ? [[At(IPAddress.Any, port)]] : [[At(IPAddress.Any, port), At(IPAddress.IPv6Any, port)]];
    }

    private static Endpoint At(IPAddress address, ushort port) => new(IpAddress.FromIPAddress(address), port);

    private string BoundHost(Endpoint endpoint)
    {
        if (!IPAddress.TryParse(_address.Host, out var ip))
            return _address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? "localhost" : endpoint.Address.IsV6 ? "[::]" : "0.0.0.0";
        return ip.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{ip}]" : ip.ToString();
    }
}
