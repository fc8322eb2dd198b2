using Gatehouse.Pki.Acme.Jose;

namespace Gatehouse.Pki.Acme.Server;

/// <summary>An account (RFC 8555 section 7.1.2). Immutable; a change makes another.</summary>
/// <param name="Id">What its URL ends with.</param>
/// <param name="Key">Its key.</param>
/// <param name="Contact">Where its owner can be reached.</param>
/// <param name="IsActive">False once it is deactivated.</param>
internal sealed record ServerAccount(string Id, JsonWebKey Key, IReadOnlyList<string> Contact, bool IsActive);
