namespace Gatehouse.Edge.Auth;

/// <summary>A user and how the password is known.</summary>
/// <param name="Name">The name, shared by all who note it.</param>
/// <param name="Hash">The password's hash.</param>
internal sealed record Account(string Name, PasswordHash Hash)
{
    /// <summary>
    /// What keeps a text from being a name; null for nothing. user-id = *&lt;TEXT excluding ":"&gt;, and no control characters (RFC 7617 section 2).
    /// </summary>
    public static string? FaultOfName(string name) =>
        name.Length == 0 || name.Contains(':', StringComparison.Ordinal) || name.Any(char.IsControl)
            ? "found a user's name that is empty or holds a colon or a control character"
            : null;
}
