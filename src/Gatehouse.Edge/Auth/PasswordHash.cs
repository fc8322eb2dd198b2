using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Edge.Auth;

/// <summary>A password as it is stored. Comparisons take the same time whatever differs.</summary>
internal abstract class PasswordHash(string text)
{
    /// <summary>What a configuration may write.</summary>
    public const string Expected = "bcrypt ($2y$, $2b$ or $2a$, with a cost of at most 14), $apr1$, {SHA}, or plain: and the password itself";

    /// <summary>The stored form, which binds what is remembered about it.</summary>
    public ReadOnlySpan<byte> Text => _text;

    /// <summary>True when a check takes so long that it must not run on a reactor.</summary>
    public virtual bool IsSlow => false;

    private readonly byte[] _text = Encoding.UTF8.GetBytes(text);

    /// <summary>Reads a stored form; <paramref name="fault"/> does not show it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out PasswordHash? hash, [NotNullWhen(false)] out string? fault)
    {
        hash = null;
        fault = null;
        if (text.StartsWith("$2", StringComparison.Ordinal))
            hash = BcryptHash.TryMake(text);
        else if (text.StartsWith("$apr1$", StringComparison.Ordinal))
            hash = ApacheMd5Hash.TryMake(text);
        else if (text.StartsWith("{SHA}", StringComparison.Ordinal))
            hash = Sha1Hash.TryMake(text);
        else if (text.StartsWith("plain:", StringComparison.Ordinal))
            hash = new PlainPassword(text);
        else
            fault = $"found a password that is not a known hash, expected {Expected}";
        if (hash is null)
            fault ??= $"found a malformed or too costly hash, expected {Expected}";
        return fault is null;
    }

    /// <summary>True when <paramref name="password"/>, valid UTF-8, is the one.</summary>
    public abstract bool Verify(ReadOnlySpan<byte> password);
}

/// <summary>bcrypt, as htpasswd -B makes it. Like every bcrypt it looks at the first 72 bytes.</summary>
internal sealed class BcryptHash : PasswordHash
{
    // 2^14 rounds hold a core for about a second.
    private const int MaxCost = 14;
    private readonly string _hash;

    private BcryptHash(string text)
        : base(text) => _hash = text;

    public override bool IsSlow => true;

    // "$2y$" 2DIGIT "$" 22 characters of salt and 31 of hash, all of bcrypt's own base64.
    public static BcryptHash? TryMake(string text) =>
        text is ['$', '2', 'a' or 'b' or 'y', '$', var tens, var ones, '$', .. { Length: 53 } rest]
        && int.TryParse([tens, ones], NumberStyles.None, CultureInfo.InvariantCulture, out var cost) && cost is >= 4 and <= MaxCost
        && rest.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '/')
            ? new BcryptHash(text)
            : null;

    public override bool Verify(ReadOnlySpan<byte> password) => BCrypt.Net.BCrypt.Verify(Encoding.UTF8.GetString(password), _hash);
}

/// <summary>Apache's own salted MD5 with 1,000 rounds: what htpasswd makes unless told otherwise.</summary>
internal sealed class ApacheMd5Hash : PasswordHash
{
    private readonly byte[] _salt;
    private readonly byte[] _digest;

    private ApacheMd5Hash(string text, string salt, string digest)
        : base(text)
    {
        _salt = Encoding.ASCII.GetBytes(salt);
        _digest = Encoding.ASCII.GetBytes(digest);
    }

    public override bool IsSlow => true;

    // "$apr1$" 1*8 characters of salt "$" 22 of hash.
    public static ApacheMd5Hash? TryMake(string text)
    {
        var parts = text.Split('$');
        return parts is ["", "apr1", { Length: >= 1 and <= 8 } salt, { Length: ApacheMd5.DigestLength } digest] && Ascii.IsValid(salt) && Ascii.IsValid(digest)
            ? new ApacheMd5Hash(text, salt, digest)
            : null;
    }

    public override bool Verify(ReadOnlySpan<byte> password)
    {
        Span<byte> digest = stackalloc byte[ApacheMd5.DigestLength];
        ApacheMd5.Hash(password, _salt, digest);
        return CryptographicOperations.FixedTimeEquals(digest, _digest);
    }
}

/// <summary>SHA-1 without salt, as htpasswd -s makes it: weak, and found in old files.</summary>
internal sealed class Sha1Hash : PasswordHash
{
    private readonly byte[] _digest;

    private Sha1Hash(string text, byte[] digest)
        : base(text) => _digest = digest;

    public static Sha1Hash? TryMake(string text)
    {
        var digest = new byte[SHA1.HashSizeInBytes + 2];
        return Convert.TryFromBase64String(text["{SHA}".Length..], digest, out var length) && length == SHA1.HashSizeInBytes
            ? new Sha1Hash(text, digest[..length])
            : null;
    }

    public override bool Verify(ReadOnlySpan<byte> password)
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // the form of the file, not a choice
        SHA1.HashData(password, digest);
#pragma warning restore CA5350
        return CryptographicOperations.FixedTimeEquals(digest, _digest);
    }
}

/// <summary>The password itself, for trying things out. Digests are compared, so that the time does not tell the length either.</summary>
internal sealed class PlainPassword(string text) : PasswordHash(text)
{
    private readonly byte[] _digest = SHA256.HashData(Encoding.UTF8.GetBytes(text["plain:".Length..]));

    public override bool Verify(ReadOnlySpan<byte> password)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, digest);
        return CryptographicOperations.FixedTimeEquals(digest, _digest);
    }
}
