using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.DnsStamps;

namespace Gatehouse.Dns.Servers;

/// <summary>
/// Which name server, and how it is spoken to: an address, <c>tcp://</c>, <c>tls://</c>, <c>https://</c> or a stamp, <c>sdns://</c>, and behind a <c>#</c> further settings, which
/// are never sent: <c>address=</c> where the host is found without asking for its name, <c>name=</c> whom the certificate must be for, <c>pin=</c> the
/// SHA-256 of its public key in base 64, <c>verify=off</c> for anybody's certificate, <c>method=get</c>,
/// <c>relay=</c> through whom DNSCrypt goes.
/// </summary>
public sealed record ServerAddress
{
    private static readonly SearchValues<char> NotInHosts = SearchValues.Create(" /?@\\:[]");

    private static readonly (string Scheme, ServerProtocol Protocol, ushort Port)[] Schemes =
    [
        ("udp://", ServerProtocol.Udp, 53),
        ("tcp://", ServerProtocol.Tcp, 53),
        ("tls://", ServerProtocol.Tls, 853),
        ("https://", ServerProtocol.Https, 443),
    ];

    /// <summary>How it is spoken to.</summary>
    public required ServerProtocol Protocol { get; init; }

    /// <summary>The host: a name or an address, without brackets.</summary>
    public required string Host { get; init; }

    /// <summary>The port.</summary>
    public required ushort Port { get; init; }

    /// <summary>Path and query of the resource, for DNS over HTTPS.</summary>
    public string Path { get; init; } = "";

    /// <summary>Where the host is; empty when its name has to be asked for.</summary>
    public IReadOnlyList<IpAddress> Addresses { get; init; } = [];

    /// <summary>The name or address that its certificate must be for.</summary>
    public string CertificateName { get; init; } = "";

    /// <summary>SHA-256 of the public keys of which it must have one (RFC 7858 section 4.2); empty for any key with a good certificate.</summary>
    public IReadOnlyList<byte[]> Pins { get; init; } = [];

    /// <summary>SHA-256 of what is signed in a certificate (TBSCertificate): its own must be one of these, besides a chain that is trusted; empty for any.</summary>
    public IReadOnlyList<byte[]> CertificateHashes { get; init; } = [];

    /// <summary>The provider's public key, for DNSCrypt.</summary>
    public ReadOnlyMemory<byte> ProviderKey { get; init; }

    /// <summary>The provider's name, for DNSCrypt.</summary>
    public string ProviderName { get; init; } = "";

    /// <summary>The relay that DNSCrypt goes through; null for none.</summary>
    public Endpoint? Relay { get; init; }

    /// <summary>False to encrypt with anybody: the opportunistic profile of RFC 7858 section 4.1.</summary>
    public bool Verifies { get; init; } = true;

    /// <summary>True for GET in place of POST, for DNS over HTTPS.</summary>
    public bool UsesGet { get; init; }

    /// <summary>What it was written as.</summary>
    public string Text { get; init; } = "";

    /// <summary>The host and port as a URL has them.</summary>
    public string Authority => string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>A server that is spoken to over UDP.</summary>
    public static ServerAddress Of(IpAddress address, ushort port = 53) => Of(new Endpoint(address, port), ServerProtocol.Udp);

    /// <summary>A server at an endpoint.</summary>
    public static ServerAddress Of(Endpoint endpoint, ServerProtocol protocol) => new()
    {
        Protocol = protocol,
        Host = endpoint.Address.ToString(),
        Port = endpoint.Port,
        Addresses = [endpoint.Address],
        CertificateName = endpoint.Address.ToString(),
        Text = protocol == ServerProtocol.Udp ? endpoint.ToString() : $"{(protocol == ServerProtocol.DnsCrypt ? "dnscrypt://" : Schemes[(int)protocol].Scheme)}{endpoint}",
    };

    /// <summary>Reads a server's address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="address">What it says.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ServerAddress? address, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        address = null;
        if (text.StartsWith(DnsStamp.Scheme, StringComparison.OrdinalIgnoreCase))
            return TryParseStamp(text, out address, out fault);
        var (rest, protocol, port) = (text, ServerProtocol.Udp, (ushort)53);
        foreach (var known in Schemes)
        {
            if (!text.StartsWith(known.Scheme, StringComparison.OrdinalIgnoreCase))
                continue;
            (rest, protocol, port) = (text[known.Scheme.Length..], known.Protocol, known.Port);
        }
        if (rest.Contains("://", StringComparison.Ordinal))
        {
            fault = $"expected a name server, udp://, tcp://, tls://, https:// or sdns://, found '{text}'";
            return false;
        }
        var hash = rest.IndexOf('#', StringComparison.Ordinal);
        var settings = hash < 0 ? "" : rest[(hash + 1)..];
        rest = hash < 0 ? rest : rest[..hash];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var path = slash < 0 ? "" : rest[slash..];
        rest = slash < 0 ? rest : rest[..slash];
        if (!TryHost(rest, ref port, out var host))
        {
            fault = $"expected the address or name of a server, perhaps with a port, found '{rest}' in '{text}'";
            return false;
        }
        if (path.Length > 0 && path != "/" && protocol != ServerProtocol.Https)
        {
            fault = $"expected a path with https:// only, found '{path}' in '{text}'";
            return false;
        }
        IpAddress[] addresses = IpAddress.TryParse(host.AsSpan(), out var literal) ? [literal] : [];
        if (addresses.Length == 0 && protocol is ServerProtocol.Udp or ServerProtocol.Tcp && host != "localhost")
        {
            fault = $"expected the address of a name server, found the name '{host}', which would have to be asked for first";
            return false;
        }
        if (host == "localhost" && addresses.Length == 0)
            addresses = [IpAddress.FromV4(0x7F000001)];
        // The template of RFC 8484 section 4.1, whose one variable is added where it is used.
        if (protocol == ServerProtocol.Https)
            path = path.Replace("{?dns}", "", StringComparison.Ordinal) is { Length: > 1 } given ? given : "/dns-query";
        var parsed = new ServerAddress
        {
            Protocol = protocol,
            Host = host,
            Port = port,
            Path = protocol == ServerProtocol.Https ? path : "",
            Addresses = addresses,
            CertificateName = host,
            Text = text,
        };
        fault = Apply(settings, ref parsed);
        address = fault is null ? parsed : null;
        return fault is null;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool TryParseStamp(string text, [NotNullWhen(true)] out ServerAddress? address, [NotNullWhen(false)] out string? fault)
    {
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        if (!ServerStamp.TryRead(hash < 0 ? text : text[..hash], out address, out fault))
            return false;
        address = address with { Text = text };
        fault = hash < 0 ? null : Apply(text[(hash + 1)..], ref address);
        return fault is null;
    }

    private static bool TryHost(string text, ref ushort port, out string host)
    {
        host = text;
        if (IpAddress.TryParse(text.AsSpan(), out _))
            return true;
        var bracket = text.IndexOf(']', StringComparison.Ordinal);
        var colon = text.IndexOf(':', Math.Max(bracket, 0));
        if (colon >= 0)
        {
            if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port == 0)
                return false;
            host = text[..colon];
        }
        if (host.StartsWith('[') != host.EndsWith(']'))
            return false;
        if (host.StartsWith('['))
            return IpAddress.TryParse((host = host[1..^1]).AsSpan(), out _);
        host = host.ToLowerInvariant().TrimEnd('.');
        return host.Length > 0 && Protocols.Dns.Names.DnsName.TryParse(host, out _, out _) && host.AsSpan().IndexOfAny(NotInHosts) < 0;
    }

    private static string? Apply(string settings, ref ServerAddress address)
    {
        foreach (var setting in settings.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (setting, "") : (setting[..equals], setting[(equals + 1)..]);
            switch (key)
            {
                case "address" when IpAddress.TryParse(value.AsSpan(), out var found):
                    address = address with { Addresses = [.. address.Addresses, found] };
                    break;
                case "name" when value.Length > 0:
                    address = address with { CertificateName = value };
                    break;
                case "pin" when Pin(value) is { } pin:
                    address = address with { Pins = [.. address.Pins, pin] };
                    break;
                case "verify" when value is "on" or "off":
                    address = address with { Verifies = value == "on" };
                    break;
                case "method" when value is "get" or "post":
                    address = address with { UsesGet = value == "get" };
                    break;
                case "relay" when address.Protocol == ServerProtocol.DnsCrypt && ServerStamp.TryReadRelay(value, out var relay):
                    address = address with { Relay = relay };
                    break;
                default:
                    return $"expected address=IP, name=HOST, pin=SHA-256 in base 64, verify=on or off, method=get or post, with DNSCrypt relay=ADDRESS:PORT or a relay's stamp, behind the #, found '{setting}' in '{address.Text}'";
            }
        }
        return null;
    }

    private static byte[]? Pin(string text)
    {
        if (text.StartsWith("sha256/", StringComparison.Ordinal))
            text = text[7..];
        var pin = new byte[33];
        return Convert.TryFromBase64String(text, pin, out var written) && written == 32 ? pin[..32] : null;
    }
}
