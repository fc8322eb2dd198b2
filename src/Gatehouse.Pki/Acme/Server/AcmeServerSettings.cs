using Gatehouse.Net.Names;

namespace Gatehouse.Pki.Acme.Server;

/// <summary>How the ACME server of the local authority behaves.</summary>
public sealed record AcmeServerSettings
{
    /// <summary>Where its directory is: the path that all its resources begin with.</summary>
    public string Path { get; init; } = "/acme";

    /// <summary>The port where proofs by HTTP are looked for: 80 by RFC 8555.</summary>
    public int HttpPort { get; init; } = 80;

    /// <summary>The port where proofs by TLS are looked for: 443 by RFC 8737.</summary>
    public int TlsPort { get; init; } = 443;

    /// <summary>Who finds the addresses of the names that are to be proved.</summary>
    public INameResolver Resolver { get; init; } = SystemNameResolver.Instance;
}
