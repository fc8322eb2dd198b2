namespace Gatehouse.Protocols.DnsCrypt;

/// <summary>The cryptography that the framing leaves to a library: boxes under a key that both sides have agreed on.</summary>
public interface IDnsCryptBox
{
    /// <summary>Writes the 16 bytes of the tag and then the encrypted message: as many bytes as the message has, and 16.</summary>
    void Seal(DnsCryptConstruction construction, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message, Span<byte> box);

    /// <summary>Opens a box into <paramref name="message"/>, which is 16 bytes shorter; false when it was made with another key, or changed on its way.</summary>
    bool TryOpen(DnsCryptConstruction construction, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> box, Span<byte> message);
}
