using System.Security.Cryptography;
using Bcrypt = BCrypt.Net.BCrypt;

namespace Gatehouse.Web;

/// <summary>Hashes of passwords: bcrypt over SHA-384, so that passwords of any length count in full. Slow by design: not for handlers that are declared Inline.</summary>
public static class Passwords
{
    // OWASP asks for 10 at least; 12 takes a quarter of a second.
    private const int WorkFactor = 12;

    // Longer ones would only cost time.
    private const int MaxLength = 1024;

    private static readonly Lazy<string> Nobody = new(() => Hash(RandomNumberGenerator.GetHexString(32)));

    /// <summary>The hash to keep of a password, with its own salt.</summary>
    /// <exception cref="ArgumentException">The password is empty, or has more than 1,024 characters.</exception>
    public static string Hash(string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(password);
        if (password.Length > MaxLength)
            throw new ArgumentException($"A password has at most {MaxLength} characters.", nameof(password));
        return Bcrypt.EnhancedHashPassword(password, WorkFactor);
    }

    /// <summary>
    /// True when the password is the one that <paramref name="hash"/> was made of. Give null for a user who does not exist: it takes as long, so that nobody learns who
    /// does.
    /// </summary>
    public static bool Verify(string password, string? hash)
    {
        ArgumentNullException.ThrowIfNull(password);
        if (password.Length > MaxLength)
            return false;
        var isRight = Bcrypt.EnhancedVerify(password, hash ?? Nobody.Value);
        return isRight && hash is not null;
    }
}
