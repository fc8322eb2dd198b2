using System.Security.Cryptography.X509Certificates;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Chains;

/// <summary>Whether a certificate is for a name: by its subjectAltName and by nothing else (RFC 9525 section 6; what the common name says does not count).</summary>
internal static class NameCheck
{
    private const int Shown = 8;

    public static Finding Examine(X509Certificate2 certificate, CertificateName wanted)
    {
        var names = SubjectNames.Of(certificate);
        foreach (var name in names)
        {
            if (name.Covers(wanted))
                return Finding.Good($"it is for {wanted}: {(name.IsAddress ? "the IP address" : name.IsWildcard ? "the wildcard" : "the DNS name")} {name} in its subjectAltName matches");
        }
        var advice = $"get a certificate for {wanted} (gatehouse cert issue {wanted}), or ask for a name that it has";
        if (names.Count == 0)
        {
            var common = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
            return common.Length > 0 && certificate.Extensions["2.5.29.17"] is null
                ? Finding.Fault($"it has no subjectAltName, only the common name {common}, which clients have ignored since RFC 6125 (2011) said so", advice)
                : Finding.Fault("it names no host at all", advice);
        }
        var listed = string.Join(", ", names.Take(Shown)) + (names.Count > Shown ? $" and {names.Count - Shown} more" : "");
        if (wanted.IsAddress && names.All(name => !name.IsAddress))
            return Finding.Fault($"it is not for {wanted}: it names no IP address, only {listed}", advice);
        var near = names.FirstOrDefault(name => name.IsWildcard && wanted.Host.EndsWith($".{name.Host}", StringComparison.Ordinal));
        return near.Host.Length > 0
            ? Finding.Fault($"it is not for {wanted}: the wildcard {near} covers one label and no more", advice)
            : Finding.Fault($"it is not for {wanted}, but for {listed}", advice);
    }
}
