using Gatehouse.Pki.Acme.Client;

namespace Gatehouse.Pki.Keeping;

/// <summary>When a certificate is renewed.</summary>
internal static class RenewalTime
{
    /// <summary>Within the window that the authority suggests (RFC 9773 section 4.2), else when two thirds of its life are over, give or take a fiftieth.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="window">The window; null when there is none.</param>
    /// <param name="chance">From 0 to 1.</param>
    public static DateTimeOffset Of(IssuedCertificate certificate, RenewalWindow? window, double chance)
    {
        if (window is not null)
            return window.Start + (window.End - window.Start) * chance;
        return certificate.TwoThirds - (certificate.NotAfter - certificate.NotBefore) * (chance / 50);
    }
}
