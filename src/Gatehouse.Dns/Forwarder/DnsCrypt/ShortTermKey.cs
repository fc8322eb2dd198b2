using Gatehouse.Protocols.DnsCrypt;

namespace Gatehouse.Dns.Forwarder.DnsCrypt;

/// <summary>A key of the server for some hours, with its signed certificate.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Bytes">Its bytes, signed.</param>
/// <param name="Secret">The secret key.</param>
internal sealed record ShortTermKey(DnsCryptCertificate Certificate, byte[] Bytes, byte[] Secret);
