using Gatehouse.Protocols.Tls;

namespace Gatehouse.Dns.Servers;

/// <summary>Public keys of servers, as they are pinned (RFC 7858 section 4.2, RFC 7469 section 2.4).</summary>
public static class ServerKey
{
    /// <summary>SHA-256 of a peer's public key as its certificate has it (SubjectPublicKeyInfo), in base 64.</summary>
    public static string PinOf(TlsPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return Convert.ToBase64String(ServerTls.KeyOf(peer)!);
    }
}
