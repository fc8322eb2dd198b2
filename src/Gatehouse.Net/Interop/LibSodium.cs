using System.Runtime.InteropServices;

namespace Gatehouse.Net.Interop;

/// <summary>libsodium, as far as DNSCrypt needs it: boxes of both constructions, and Ed25519. Bound when first called.</summary>
internal static unsafe partial class LibSodium
{
    private const string Library = "libsodium";

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    internal static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "crypto_box_keypair")]
    internal static partial int MakeBoxKeys(byte* publicKey, byte* secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_base")]
    internal static partial int PublicOf(byte* publicKey, byte* secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_box_beforenm")]
    internal static partial int AgreeSalsa(byte* shared, byte* publicKey, byte* secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_box_easy_afternm")]
    internal static partial int SealSalsa(byte* box, byte* message, ulong length, byte* nonce, byte* shared);

    [LibraryImport(Library, EntryPoint = "crypto_box_open_easy_afternm")]
    internal static partial int OpenSalsa(byte* message, byte* box, ulong length, byte* nonce, byte* shared);

    [LibraryImport(Library, EntryPoint = "crypto_box_curve25519xchacha20poly1305_beforenm")]
    internal static partial int AgreeChaCha(byte* shared, byte* publicKey, byte* secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_box_curve25519xchacha20poly1305_easy_afternm")]
    internal static partial int SealChaCha(byte* box, byte* message, ulong length, byte* nonce, byte* shared);

    [LibraryImport(Library, EntryPoint = "crypto_box_curve25519xchacha20poly1305_open_easy_afternm")]
    internal static partial int OpenChaCha(byte* message, byte* box, ulong length, byte* nonce, byte* shared);

    [LibraryImport(Library, EntryPoint = "crypto_sign_seed_keypair")]
    internal static partial int MakeSigningKeys(byte* publicKey, byte* secretKey, byte* seed);

    [LibraryImport(Library, EntryPoint = "crypto_sign_detached")]
    internal static partial int Sign(byte* signature, ulong* length, byte* message, ulong messageLength, byte* secretKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_verify_detached")]
    internal static partial int Verify(byte* signature, byte* message, ulong length, byte* publicKey);
}
