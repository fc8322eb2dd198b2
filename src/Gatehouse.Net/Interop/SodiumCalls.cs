using Gatehouse.Protocols.DnsCrypt;

namespace Gatehouse.Net.Interop;

/// <summary>libsodium's functions over spans whose lengths the caller has checked.</summary>
internal static unsafe class SodiumCalls
{
    internal static void MakeBoxKeys(Span<byte> publicKey, Span<byte> secretKey)
    {
        fixed (byte* open = publicKey, secret = secretKey)
            _ = LibSodium.MakeBoxKeys(open, secret);
    }

    internal static void PublicOf(ReadOnlySpan<byte> secretKey, Span<byte> publicKey)
    {
        fixed (byte* open = publicKey, secret = secretKey)
            _ = LibSodium.PublicOf(open, secret);
    }

    internal static bool Agree(DnsCryptConstruction construction, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> secretKey, Span<byte> shared)
    {
        fixed (byte* open = publicKey, secret = secretKey, to = shared)
            return (construction == DnsCryptConstruction.XSalsa20Poly1305 ? LibSodium.AgreeSalsa(to, open, secret) : LibSodium.AgreeChaCha(to, open, secret)) == 0;
    }

    internal static void Seal(DnsCryptConstruction construction, ReadOnlySpan<byte> shared, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> message, Span<byte> box)
    {
        fixed (byte* key = shared, number = nonce, from = message, to = box)
        {
            _ = construction == DnsCryptConstruction.XSalsa20Poly1305
                ? LibSodium.SealSalsa(to, from, (ulong)message.Length, number, key)
                : LibSodium.SealChaCha(to, from, (ulong)message.Length, number, key);
        }
    }

    internal static bool Open(DnsCryptConstruction construction, ReadOnlySpan<byte> shared, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> box, Span<byte> message)
    {
        fixed (byte* key = shared, number = nonce, from = box, to = message)
        {
            return (construction == DnsCryptConstruction.XSalsa20Poly1305
                ? LibSodium.OpenSalsa(to, from, (ulong)box.Length, number, key)
                : LibSodium.OpenChaCha(to, from, (ulong)box.Length, number, key)) == 0;
        }
    }

    internal static void MakeSigningKeys(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> secretKey)
    {
        fixed (byte* from = seed, open = publicKey, secret = secretKey)
            _ = LibSodium.MakeSigningKeys(open, secret, from);
    }

    internal static void Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> secretKey, Span<byte> signature)
    {
        ulong length;
        fixed (byte* from = message, key = secretKey, to = signature)
            _ = LibSodium.Sign(to, &length, from, (ulong)message.Length, key);
    }

    internal static bool Verify(ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ReadOnlySpan<byte> publicKey)
    {
        fixed (byte* number = signature, from = message, key = publicKey)
            return LibSodium.Verify(number, from, (ulong)message.Length, key) == 0;
    }
}
