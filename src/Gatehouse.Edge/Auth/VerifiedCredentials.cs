using System.Security.Cryptography;

namespace Gatehouse.Edge.Auth;

/// <summary>
/// Remembers for a while which passwords were right, so that not every request pays for a slow hash. It holds no password but a keyed digest of the stored
/// hash and the password, with a key that this process made; another hash in the configuration is another digest. Only what was right enters, so guesses push
/// nothing out. One slot for each remainder of the digest: bounded, and read and written without a lock.
/// </summary>
internal sealed class VerifiedCredentials
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = HMACSHA256.HashSizeInBytes;

    private const int Slots = 4096;
    private const long Lifetime = 60_000;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly Entry?[] _slots = new Entry?[Slots];

    /// <summary>What this process remembers.</summary>
    public static VerifiedCredentials Shared { get; } = new();

    /// <summary>Writes the key of a password, of at most <see cref="BasicCredentials.MaxBytes"/>, for a hash.</summary>
    public void WriteKey(PasswordHash hash, ReadOnlySpan<byte> password, Span<byte> key)
    {
        // The hash's own text is short: 60 bytes at the most for those that are slow.
        Span<byte> message = stackalloc byte[BasicCredentials.MaxBytes + 256];
        hash.Text.CopyTo(message);
        message[hash.Text.Length] = 0;
        password.CopyTo(message[(hash.Text.Length + 1)..]);
        HMACSHA256.HashData(_secret, message[..(hash.Text.Length + 1 + password.Length)], key);
        CryptographicOperations.ZeroMemory(message);
    }

    /// <summary>True when the key was added within the last minute. <paramref name="now"/> in milliseconds.</summary>
    public bool Contains(ReadOnlySpan<byte> key, long now) =>
        Volatile.Read(ref Slot(key)) is { } entry && now < entry.Until && CryptographicOperations.FixedTimeEquals(key, entry.Key);

    /// <summary>Remembers a key.</summary>
    public void Add(ReadOnlySpan<byte> key, long now) => Volatile.Write(ref Slot(key), new Entry(key.ToArray(), now + Lifetime));

    private ref Entry? Slot(ReadOnlySpan<byte> key) => ref _slots[((key[0] << 8) | key[1]) % Slots];

    private sealed record Entry(byte[] Key, long Until);
}
