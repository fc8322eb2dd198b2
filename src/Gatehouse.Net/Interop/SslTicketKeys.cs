using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gatehouse.Net.Interop;

/// <summary>
/// An immutable set of keys that session tickets are sealed with: the first seals, all open. Of each key 16 bytes are its name on the wire (RFC 5077
/// section 4), 32 authenticate (HMAC-SHA-256) and 32 encrypt (AES-256-CBC).
/// </summary>
internal sealed unsafe class SslTicketKeys
{
    /// <summary>Bytes of one key.</summary>
    internal const int KeyBytes = NameBytes + MacBytes + CipherBytes;

    internal const int NameBytes = 16;
    private const int MacBytes = 32;
    private const int CipherBytes = 32;
    private const int VectorBytes = 16;

    // The names of OpenSSL's own parameters must outlive every call.
    private static readonly LibCrypto.Parameter* Sha256 = MacParameters();
    private static readonly nint Cipher = LibCrypto.Aes256Cbc();
    private readonly byte[] _keys;

    /// <summary>Copies one or more keys, the one that seals in front.</summary>
    internal SslTicketKeys(ReadOnlySpan<byte> keys) => _keys = keys.ToArray();

    /// <summary>Readies libssl's contexts to seal a ticket: 1, or -1 when OpenSSL fails.</summary>
    internal int Seal(byte* name, byte* vector, nint cipher, nint mac)
    {
        _keys.AsSpan(0, NameBytes).CopyTo(new Span<byte>(name, NameBytes));
        RandomNumberGenerator.Fill(new Span<byte>(vector, VectorBytes));
        return Ready(0, vector, cipher, mac, encrypt: 1) ? 1 : -1;
    }

    /// <summary>Readies them to open one: 1, or 2 when the client should have a new one, 0 when no key has that name, or -1.</summary>
    internal int Open(byte* name, byte* vector, nint cipher, nint mac, bool renew)
    {
        for (var at = 0; at < _keys.Length; at += KeyBytes)
        {
            if (!_keys.AsSpan(at, NameBytes).SequenceEqual(new ReadOnlySpan<byte>(name, NameBytes)))
                continue;
            if (!Ready(at, vector, cipher, mac, encrypt: 0))
                return -1;
            return at > 0 || renew ? 2 : 1;
        }

        return 0;
    }

    private bool Ready(int at, byte* vector, nint cipher, nint mac, int encrypt)
    {
        fixed (byte* key = &_keys[at])
        {
            return LibCrypto.StartMac(mac, key + NameBytes, MacBytes, Sha256) == 1 &&
                LibCrypto.StartCipher(cipher, Cipher, 0, key + NameBytes + MacBytes, vector, encrypt) == 1;
        }
    }

    private static LibCrypto.Parameter* MacParameters()
    {
        var parameters = (LibCrypto.Parameter*)NativeMemory.AllocZeroed(2, (nuint)sizeof(LibCrypto.Parameter));
        var texts = (byte*)NativeMemory.AllocZeroed(16);
        "digest\0"u8.CopyTo(new Span<byte>(texts, 8));
        "SHA256\0"u8.CopyTo(new Span<byte>(texts + 8, 8));
        parameters[0].Key = texts;
        parameters[0].Type = SslConstants.ParameterText;
        parameters[0].Data = texts + 8;
        parameters[0].Size = 6;
        return parameters;
    }
}
