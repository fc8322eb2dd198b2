using System.Security.Cryptography;

namespace Gatehouse.Edge.Auth;

/// <summary>
/// The crypt form <c>$apr1$</c> of Apache's apr_md5.c: MD5 over password and salt, mixed for 1,000 rounds. Old, and what most files of users hold.
/// </summary>
internal static class ApacheMd5
{
    /// <summary>Characters of the digest.</summary>
    public const int DigestLength = 22;

    private const int Rounds = 1000;
    private const int Size = MD5.HashSizeInBytes;

    // Which bytes of the digest make each group of four characters.
    private static ReadOnlySpan<byte> Order => [0, 6, 12, 1, 7, 13, 2, 8, 14, 3, 9, 15, 4, 10, 5];

    private static ReadOnlySpan<byte> Digits => "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8;

    /// <summary>Writes the digest, in crypt's base64, for a password of at most 4,096 bytes.</summary>
    public static void Hash(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(password.Length, 4096);
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        Span<byte> digest = stackalloc byte[Size];
        md5.AppendData(password);
        md5.AppendData(salt);
        md5.AppendData(password);
        md5.GetHashAndReset(digest);

        md5.AppendData(password);
        md5.AppendData("$apr1$"u8);
        md5.AppendData(salt);
        for (var left = password.Length; left > 0; left -= Size)
            md5.AppendData(digest[..Math.Min(left, Size)]);
        for (var bits = password.Length; bits != 0; bits >>= 1)
            md5.AppendData((bits & 1) != 0 ? "\0"u8 : password[..1]);
        md5.GetHashAndReset(digest);

        for (var round = 0; round < Rounds; round++)
        {
            var isOdd = (round & 1) != 0;
            md5.AppendData(isOdd ? password : digest);
            if (round % 3 != 0)
                md5.AppendData(salt);
            if (round % 7 != 0)
                md5.AppendData(password);
            md5.AppendData(isOdd ? digest : password);
            md5.GetHashAndReset(digest);
        }

        for (var i = 0; i < Order.Length; i += 3)
            Write(destination.Slice(i / 3 * 4, 4), (digest[Order[i]] << 16) | (digest[Order[i + 1]] << 8) | digest[Order[i + 2]]);
        Write(destination.Slice(20, 2), digest[11]);
    }

    private static void Write(Span<byte> destination, int bits)
    {
        for (var i = 0; i < destination.Length; i++, bits >>= 6)
            destination[i] = Digits[bits & 0x3F];
    }
}
