using Gatehouse.Config;
using Gatehouse.Pki.Names;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Host.Tls;

/// <summary>What the names of a site say about where it can be reached.</summary>
internal static class SiteNames
{
    /// <summary>True when every name is one that a public authority could give a certificate for.</summary>
    public static bool ArePublic(IReadOnlyList<HostPattern> hosts) => hosts.Count > 0 && hosts.All(IsPublic);

    /// <summary>True when a name means more than this very machine.</summary>
    public static bool AreNotJustHere(IReadOnlyList<HostPattern> hosts) => hosts.Any(host => !IsHere(host));

    /// <summary>The name as TLS has it: addresses without brackets.</summary>
    public static string ForTls(HostPattern host) => host.ToString().Trim('[', ']');

    private static bool IsPublic(HostPattern host) => CertificateName.Parse(host.ToString()) is { IsAddress: false } name && !LocalNames.Contains(name);

    private static bool IsHere(HostPattern host) => IpAddress.TryParse(ForTls(host), out _) || IsAtOrBelow(host.Name, "localhost");

    private static bool IsAtOrBelow(string name, string domain) =>
        name.EndsWith(domain, StringComparison.Ordinal) && (name.Length == domain.Length || name[^(domain.Length + 1)] == '.');
}
