using System.Buffers.Text;
using Gatehouse.Http.Settings;

namespace Gatehouse.Pki.Acme;

/// <summary>Where sites with public names and <c>tls: auto</c> get their certificates.</summary>
public sealed record AcmeConfig : ICheckedSettings
{
    /// <summary>The URL of the ACME server's directory.</summary>
    [Setting("URL of the ACME server's directory; Let's Encrypt unless said otherwise")]
    public string Directory { get; init; } = AcmeSettings.LetsEncrypt;

    /// <summary>Where the authority can reach a person; null for nowhere.</summary>
    [Setting("Mail address of whom the authority can reach")]
    public string? Email { get; init; }

    /// <summary>The customer whom the account is bound to; null for none.</summary>
    [Setting("The authority's customer whom the account is bound to (external account binding)")]
    public ExternalAccountConfig? Eab { get; init; }

    /// <summary>The profile of certificates; null for the server's choice.</summary>
    [Setting("Profile of certificates, such as shortlived for six days at Let's Encrypt; by default the server's choice")]
    public string? Profile { get; init; }

    /// <summary>How control over a name is proved.</summary>
    [Setting("How control over a name is proved; auto takes what the server offers: tls-alpn-01, http-01, and dns-01 when there is a dns-hook")]
    [Words("auto", "http-01", "tls-alpn-01", "dns-01")]
    public string Challenge { get; init; } = "auto";

    /// <summary>The program that puts TXT records into the zone; null for none.</summary>
    [Setting("Program that puts TXT records into the zone: run as PROGRAM present|cleanup NAME VALUE; wildcards need it")]
    public FilePath? DnsHook { get; init; }

    /// <summary>The authorities that the ACME server's own certificate may be of; null for the system's.</summary>
    [Setting("File of the authorities that the ACME server's own certificate may be of; by default the system's")]
    public FilePath? Ca { get; init; }

    /// <summary>Certificates for names that no site lists; null for none.</summary>
    [Setting("Certificates for names that no site lists, at their first handshake")]
    public OnDemandConfig? OnDemand { get; init; }

    /// <summary>The settings for an issuer.</summary>
    public AcmeSettings ToSettings() => new(Directory)
    {
        Email = Email,
        Profile = Profile,
        Authorities = Ca?.Value,
        ExternalAccount = Eab is null ? null : new ExternalAccount(Eab.KeyId, Base64Url.DecodeFromChars(Eab.Key)),
    };

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (!Uri.TryCreate(Directory, UriKind.Absolute, out var directory) || directory.Scheme is not ("https" or "http"))
            faults.Report("directory", $"found '{Directory}', expected an https URL");
        if (Email is not null && !Email.Contains('@', StringComparison.Ordinal))
            faults.Report("email", $"found '{Email}', expected a mail address");
        if (Challenge == "dns-01" && DnsHook is null)
            faults.Report("challenge", "found dns-01 without dns-hook, expected the program that puts records into the zone");
    }
}

/// <summary>The customer of an authority (RFC 8555 section 7.3.4).</summary>
public sealed record ExternalAccountConfig : ICheckedSettings
{
    /// <summary>The key's id.</summary>
    [Setting("Id of the key, as the authority gave it")]
    public string KeyId { get; init; } = "";

    /// <summary>The shared key in base64url.</summary>
    [Setting("The key in base64url, as the authority gave it")]
    public string Key { get; init; } = "";

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (KeyId.Length == 0)
            faults.Report("key-id", "found nothing, expected the id of the key");
        if (Key.Length == 0 || !Base64Url.IsValid(Key))
            faults.Report("key", "expected the key in base64url");
    }
}

/// <summary>Who may have a certificate on demand, and how many there may be.</summary>
public sealed record OnDemandConfig : ICheckedSettings
{
    /// <summary>The URL that is asked.</summary>
    [Setting("URL that is asked with ?domain=NAME before a certificate for a new name; 200 is a yes")]
    public string Ask { get; init; } = "";

    /// <summary>New certificates in an hour.</summary>
    [Setting("New certificates in an hour")]
    [Bounds(1, 10_000)]
    public int PerHour { get; init; } = 10;

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (!Uri.TryCreate(Ask, UriKind.Absolute, out var ask) || ask.Scheme is not ("https" or "http"))
            faults.Report("ask", $"found '{Ask}', expected an http URL of a service of your own: without one anybody could have certificates made");
    }
}
