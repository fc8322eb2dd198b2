using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace Gatehouse.Pki.Chains;

/// <summary>What certificates hold, in words.</summary>
internal static class Words
{
    private const string AuthorityInformation = "1.3.6.1.5.5.7.1.1";

    /// <summary>The common name, else the organisation, else the whole of a name.</summary>
    public static string Of(X500DistinguishedName name)
    {
        string? common = null, organisation = null;
        foreach (var part in name.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements)
                continue;
            if (part.GetSingleElementType().Value == "2.5.4.3")
                common = part.GetSingleElementValue();
            else if (part.GetSingleElementType().Value == "2.5.4.10")
                organisation = part.GetSingleElementValue();
        }
        return (common, organisation) switch
        {
            ({ } c, { } o) when !c.Contains(o, StringComparison.OrdinalIgnoreCase) => $"{c} ({o})",
            ({ } c, _) => c,
            (null, { } o) => o,
            _ => name.Name.Length > 0 ? name.Name : "(no subject)",
        };
    }

    /// <summary>A time that passes, in its largest unit.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} hours"),
        { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalSeconds} seconds"),
    };

    /// <summary>The key, in words.</summary>
    public static string Key(X509Certificate2 certificate)
    {
        using var ec = certificate.GetECDsaPublicKey();
        if (ec is not null)
            return ec.KeySize switch { 256 => "ECDSA P-256", 384 => "ECDSA P-384", 521 => "ECDSA P-521", var size => $"ECDSA with {size} bits" };
        using var rsa = certificate.GetRSAPublicKey();
        return rsa is not null ? $"RSA with {rsa.KeySize} bits" : certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value ?? "unknown";
    }

    /// <summary>Where the signer's certificate can be had (RFC 5280 section 4.2.2.1); null when that is not said.</summary>
    public static string? IssuerAddress(X509Certificate2 certificate)
    {
        try
        {
            return certificate.Extensions[AuthorityInformation] is { } extension
                ? new X509AuthorityInformationAccessExtension(extension.RawData).EnumerateCAIssuersUris().FirstOrDefault()
                : null;
        }
        catch (Exception exception) when (exception is System.Security.Cryptography.CryptographicException or AsnContentException)
        {
            return null;
        }
    }
}
