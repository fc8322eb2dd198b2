namespace Gatehouse.Edge.Secure;

/// <summary>What a site asks of the connections that requests for it come on.</summary>
public sealed record SecureSiteRules
{
    /// <summary>False for a site that is not served over TLS at all.</summary>
    public bool AllowsTls { get; init; } = true;

    /// <summary>The rules for clients' certificates (<see cref="Protocols.Tls.TlsFacts.ClientScope"/>); empty when none is asked for.</summary>
    public string ClientScope { get; init; } = "";

    /// <summary>The port that requests without TLS are sent to; 0 answers them here.</summary>
    public int RedirectPort { get; init; }

    /// <summary>The Strict-Transport-Security field of answers over TLS (RFC 6797 section 6.1); empty for none.</summary>
    public string StrictTransport { get; init; } = "";

    /// <summary>True when there is nothing to do.</summary>
    public bool IsIdle => AllowsTls && ClientScope.Length == 0 && RedirectPort == 0 && StrictTransport.Length == 0;
}
