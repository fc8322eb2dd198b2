namespace Gatehouse.Pki.Acme;

/// <summary>How to get certificates from an ACME server.</summary>
/// <param name="Directory">The URL of its directory.</param>
public sealed record AcmeSettings(string Directory)
{
    /// <summary>Let's Encrypt.</summary>
    public const string LetsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";

    /// <summary>Where the authority can reach a person; null for nowhere.</summary>
    public string? Email { get; init; }

    /// <summary>The customer whom the account is bound to; null for none.</summary>
    public ExternalAccount? ExternalAccount { get; init; }

    /// <summary>The profile of certificates (shortlived for six days at Let's Encrypt); null for the server's own choice.</summary>
    public string? Profile { get; init; }

    /// <summary>A file with the authorities that the server's own certificate may be of; null for the system's.</summary>
    public string? Authorities { get; init; }

    /// <summary>How long the proof of a name and the making of the certificate may each take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);
}
