using System.Diagnostics.CodeAnalysis;
using Gatehouse.Net.Interop;
using Gatehouse.Protocols.DnsCrypt;

namespace Gatehouse.Net.Sodium;

/// <summary>
/// libsodium: the boxes of DNSCrypt, and the Ed25519 signatures of its certificates. The library is loaded at the first use, so who speaks no DNSCrypt does
/// not need it. Stateless and safe on every thread; nothing is allocated.
/// </summary>
[SuppressMessage("Performance", "CA1822", Justification = "Whoever has the instance has the library loaded.")]
public sealed class SodiumBox : IDnsCryptBox
{
    /// <summary>Bytes of a key, public, secret or shared, and of the seed of a signing key.</summary>
    public const int KeyLength = 32;

    /// <summary>Bytes of a signing key: its seed and its public key.</summary>
    public const int SigningKeyLength = 64;

    private static readonly Lazy<SodiumBox> One = new(() => Load(LibSodium.Initialize));

    private SodiumBox()
    {
    }

    /// <summary>The library, loaded.</summary>
    /// <exception cref="NotSupportedException">It is not installed, or cannot be used; the message says what to do.</exception>
    public static SodiumBox Instance => One.Value;

    /// <summary>Makes a pair of keys for boxes.</summary>
    public void MakeKeys(Span<byte> publicKey, Span<byte> secretKey) => SodiumCalls.MakeBoxKeys(publicKey[..KeyLength], secretKey[..KeyLength]);

    /// <summary>The public key of a secret one.</summary>
    public void PublicOf(ReadOnlySpan<byte> secretKey, Span<byte> publicKey) => SodiumCalls.PublicOf(secretKey[..KeyLength], publicKey[..KeyLength]);

    /// <summary>The key that two sides agree on; false for a public key that is none (a point of small order).</summary>
    public bool TryAgree(DnsCryptConstruction construction, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> secretKey, Span<byte> sharedKey) =>
        SodiumCalls.Agree(construction, publicKey[..KeyLength], secretKey[..KeyLength], sharedKey[..KeyLength]);

    /// <summary>Makes the pair of signing keys of a seed.</summary>
    public void MakeSigningKeys(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey) =>
        SodiumCalls.MakeSigningKeys(seed[..KeyLength], publicKey[..KeyLength], secretKey[..SigningKeyLength]);

    /// <summary>Signs a message.</summary>
    public void Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> secretKey, Span<byte> signature) =>
        SodiumCalls.Sign(message, secretKey[..SigningKeyLength], signature[..DnsCryptCertificate.SignatureLength]);

    /// <summary>True when the signature is that of the key's owner.</summary>
    public bool Verify(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey) =>
        SodiumCalls.Verify(signature[..DnsCryptCertificate.SignatureLength], message, publicKey[..KeyLength]);

    /// <inheritdoc/>
    public void Seal(DnsCryptConstruction construction, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message, Span<byte> box) =>
        SodiumCalls.Seal(construction, sharedKey[..KeyLength], nonce[..DnsCryptQuery.NonceLength], message, box[..(message.Length + DnsCryptQuery.TagLength)]);

    /// <inheritdoc/>
    public bool TryOpen(DnsCryptConstruction construction, ReadOnlySpan<byte> sharedKey, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> box, Span<byte> message) =>
        box.Length >= DnsCryptQuery.TagLength
        && SodiumCalls.Open(construction, sharedKey[..KeyLength], nonce[..DnsCryptQuery.NonceLength], box, message[..(box.Length - DnsCryptQuery.TagLength)]);

    internal static SodiumBox Load(Func<int> initialize)
    {
        try
        {
            if (initialize() < 0)
                throw new NotSupportedException("DNSCrypt needs libsodium, which could not be initialised: it found no source of randomness.");
            return new SodiumBox();
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            var reason = exception is EntryPointNotFoundException ? "which is too old here (expected 1.0.12 or later)" : "which was not found";
            throw new NotSupportedException($"DNSCrypt needs libsodium, {reason}: it comes with the program for Linux on x64 and arm64; elsewhere install it (Debian: libsodium23).", exception);
        }
    }
}
