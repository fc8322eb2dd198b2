using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.DnsStamps;

namespace Gatehouse.Dns.Servers;

/// <summary>Makes the address of a server of its stamp (<c>sdns://</c>).</summary>
internal static class ServerStamp
{
    /// <summary>Reads a stamp as an address.</summary>
    internal static bool TryRead(string text, [NotNullWhen(true)] out ServerAddress? address, [NotNullWhen(false)] out string? fault)
    {
        address = null;
        if (!DnsStamp.TryParse(text, out var stamp, out fault))
            return false;
        switch (stamp.Kind)
        {
            case DnsStampKind.Plain when stamp.TryGetEndpoint(53, out var endpoint):
                address = ServerAddress.Of(endpoint, ServerProtocol.Udp) with { Text = text };
                return true;
            case DnsStampKind.DnsCrypt when stamp.TryGetEndpoint(443, out var endpoint):
                if (!DnsName.TryParse(stamp.ProviderName, out _, out var name))
                {
                    fault = $"found the stamp '{text}', whose provider name is '{stamp.ProviderName}': {name}";
                    return false;
                }

                address = ServerAddress.Of(endpoint, ServerProtocol.DnsCrypt) with { Text = text, ProviderKey = stamp.ProviderKey, ProviderName = stamp.ProviderName };
                return true;
            case DnsStampKind.Tls or DnsStampKind.Https:
                return TryReadTls(text, stamp, out address, out fault);
            case DnsStampKind.Plain or DnsStampKind.DnsCrypt:
                fault = $"found the stamp '{text}', whose address is '{stamp.Address}', expected an IP address";
                return false;
            default:
                fault = $"found the stamp '{text}' of {Kind(stamp.Kind)}, expected one of a server that is asked over UDP, TLS, HTTPS or DNSCrypt";
                return false;
        }
    }

    /// <summary>Reads where a relay of DNSCrypt is: an endpoint, or a stamp.</summary>
    internal static bool TryReadRelay(string text, out Endpoint relay)
    {
        relay = default;
        if (text.StartsWith(DnsStamp.Scheme, StringComparison.Ordinal))
            return DnsStamp.TryParse(text, out var stamp, out _) && stamp.Kind == DnsStampKind.DnsCryptRelay && stamp.TryGetEndpoint(443, out relay);
        return Endpoint.TryParse(text, out relay, out _) && !relay.IsUnix;
    }

    private static bool TryReadTls(string text, DnsStamp stamp, [NotNullWhen(true)] out ServerAddress? address, [NotNullWhen(false)] out string? fault)
    {
        var isHttps = stamp.Kind == DnsStampKind.Https;
        var colon = stamp.Host.LastIndexOf(':');
        var port = (ushort)(isHttps ? 443 : 853);
        var host = stamp.Host;
        if (colon > host.LastIndexOf(']') && ushort.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var given))
            (host, port) = (host[..colon], given);
        host = host.Trim('[', ']');
        address = null;
        fault = host.Length == 0 || (isHttps && !stamp.Path.StartsWith('/')) ? $"found the stamp '{text}' with the host '{stamp.Host}' and the path '{stamp.Path}', expected a host and an absolute path" : null;
        if (fault is not null)
            return false;
        var hasEndpoint = stamp.TryGetEndpoint(port, out var endpoint);
        address = new ServerAddress
        {
            Protocol = isHttps ? ServerProtocol.Https : ServerProtocol.Tls,
            Host = host,
            Port = hasEndpoint ? endpoint.Port : port,
            Path = isHttps ? stamp.Path : "",
            Addresses = hasEndpoint ? [endpoint.Address] : IpAddress.TryParse(host.AsSpan(), out var literal) ? [literal] : [],
            CertificateName = host,
            CertificateHashes = [.. stamp.Hashes.Select(hash => hash.ToArray())],
            Text = text,
        };
        return true;
    }

    private static string Kind(DnsStampKind kind) => kind switch
    {
        DnsStampKind.Quic => "DNS over QUIC",
        DnsStampKind.ObliviousTarget => "a target of Oblivious DNS",
        DnsStampKind.ObliviousRelay => "a relay of Oblivious DNS",
        _ => "a relay of DNSCrypt",
    };
}
