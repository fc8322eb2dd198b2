namespace Gatehouse.Pki.Acme;

/// <summary>The customer of an authority whom an ACME account is bound to (RFC 8555 section 7.3.4).</summary>
/// <param name="KeyId">The key's id, as the authority gave it.</param>
/// <param name="Key">The shared key.</param>
public sealed record ExternalAccount(string KeyId, byte[] Key);
