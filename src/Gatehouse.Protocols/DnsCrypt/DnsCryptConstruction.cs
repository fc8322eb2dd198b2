namespace Gatehouse.Protocols.DnsCrypt;

/// <summary>How boxes are made: the es-version of a certificate (DNSCrypt version 2, section "Certificates").</summary>
public enum DnsCryptConstruction : ushort
{
    /// <summary>X25519, XSalsa20 and Poly1305: libsodium's crypto_box.</summary>
    XSalsa20Poly1305 = 1,

    /// <summary>X25519, XChaCha20 and Poly1305: libsodium's crypto_box_curve25519xchacha20poly1305.</summary>
    XChaCha20Poly1305 = 2,
}
