using System.Diagnostics.CodeAnalysis;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Dns.Forwarder.Settings;

/// <summary>How clients speak to a name server.</summary>
public enum DnsListenKind
{
    /// <summary>UDP and TCP.</summary>
    Plain,

    /// <summary>DNS over TLS (RFC 7858).</summary>
    Tls,

    /// <summary>DNSCrypt over UDP and TCP.</summary>
    DnsCrypt,
}

/// <summary>Where a name server listens, and what is spoken there: <c>127.0.0.1:53</c>, <c>tls://127.0.0.1:853</c>, <c>dnscrypt://127.0.0.1:443</c>.</summary>
/// <param name="Endpoint">The address and port.</param>
/// <param name="Kind">What is spoken.</param>
public readonly record struct DnsListenAddress(Endpoint Endpoint, DnsListenKind Kind = DnsListenKind.Plain) : ISettingValue<DnsListenAddress>
{
    private static readonly (string Scheme, DnsListenKind Kind)[] Schemes = [("tls://", DnsListenKind.Tls), ("dnscrypt://", DnsListenKind.DnsCrypt), ("", DnsListenKind.Plain)];

    /// <inheritdoc/>
    public static string Expected => "ADDRESS:PORT or :PORT, and in front of it tls:// or dnscrypt:// if wanted";

    /// <summary>Reads an endpoint, perhaps behind a scheme.</summary>
    public static bool TryParse(string text, out DnsListenAddress value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = default;
        foreach (var (scheme, kind) in Schemes)
        {
            if (!text.StartsWith(scheme, StringComparison.Ordinal))
                continue;
            if (!Endpoint.TryParse(text.AsSpan(scheme.Length), out var endpoint, out fault))
                return false;
            value = new DnsListenAddress(endpoint, kind);
            fault = endpoint.IsUnix ? $"found '{text}', expected {Expected}" : null;
            return fault is null;
        }

        throw new InvalidOperationException("The last scheme is that of every text.");
    }

    /// <summary>The text that reads as the same value.</summary>
    public override string ToString()
    {
        var kind = Kind;
        return $"{Array.Find(Schemes, known => known.Kind == kind).Scheme}{Endpoint}";
    }
}
