using Gatehouse.Http.Settings;

namespace Gatehouse.Config;

/// <summary>TLS as all sites have it.</summary>
public sealed record ServerTlsConfig
{
    /// <summary>The oldest version that is spoken.</summary>
    [Setting("Oldest version of TLS that is spoken")]
    [Words("1.2", "1.3")]
    public string MinVersion { get; init; } = "1.2";

    /// <summary>What a client gets that asks for a name which no site has.</summary>
    [Setting("What a client gets that asks for a name which no site has: the first site's certificate (serve), or an alert (refuse)")]
    [Words("serve", "refuse")]
    public string UnknownNames { get; init; } = "serve";

    /// <summary>Tickets after a full handshake; 0 for no resumption. nginx gives 2.</summary>
    [Setting("Session tickets after a full handshake; 0 for no resumption")]
    [Bounds(0, 8)]
    public int Tickets { get; init; } = 2;
}
