using System.Collections.Concurrent;
using Gatehouse.Web;

namespace Todo;

/// <summary>The accounts, in memory.</summary>
internal sealed class Accounts
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<string, string> _hashes = new();

    /// <summary>True when the password is that of the account; a name that is free becomes one.</summary>
    public bool SignIn(string name, string password)
    {
        if (_hashes.TryGetValue(name, out var hash))
            return Passwords.Verify(password, hash);
        return _hashes.Count < Most && _hashes.TryAdd(name, Passwords.Hash(password));
    }
}
