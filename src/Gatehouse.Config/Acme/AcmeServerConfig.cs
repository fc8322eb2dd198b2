using Gatehouse.Http.Settings;

namespace Gatehouse.Config.Acme;

/// <summary>The local authority as an ACME server.</summary>
public sealed record AcmeServerConfig
{
    /// <summary>Whether it serves.</summary>
    [Setting("Whether the local authority gives certificates here, by ACME; the directory is at /acme/directory")]
    [Shorthand]
    public bool Enabled { get; init; } = true;

    /// <summary>The port where proofs by HTTP are looked for.</summary>
    [Setting("Port of clients where proofs by HTTP are looked for")]
    [Bounds(1, 65535)]
    public int HttpPort { get; init; } = 80;

    /// <summary>The port where proofs by TLS are looked for.</summary>
    [Setting("Port of clients where proofs by TLS are looked for")]
    [Bounds(1, 65535)]
    public int TlsPort { get; init; } = 443;
}
