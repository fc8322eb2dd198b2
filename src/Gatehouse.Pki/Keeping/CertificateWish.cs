using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Keeping;

/// <summary>A certificate that is wanted.</summary>
/// <param name="Names">Its names; at least one.</param>
/// <param name="Issuer">Who issues it.</param>
/// <param name="IsStored">False for one that is made anew after a restart: what strangers can have made at will must not fill a disk.</param>
public sealed record CertificateWish(IReadOnlyList<CertificateName> Names, ICertificateIssuer Issuer, bool IsStored = true);

/// <summary>What became of a <see cref="CertificateWish"/>.</summary>
/// <param name="Names">The names.</param>
/// <param name="Issuer">Who issues it, in words.</param>
/// <param name="NotAfter">When the one that is served expires; null while there is none.</param>
/// <param name="NextTry">When the next is asked for.</param>
/// <param name="LastError">Why the last try failed; null when it did not.</param>
/// <param name="Failures">Tries that failed since.</param>
public sealed record CertificateStatus(
    IReadOnlyList<CertificateName> Names, string Issuer, DateTimeOffset? NotAfter, DateTimeOffset NextTry, string? LastError, int Failures);
