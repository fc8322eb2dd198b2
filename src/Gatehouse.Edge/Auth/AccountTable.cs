using System.Text;

namespace Gatehouse.Edge.Auth;

/// <summary>Finds accounts by the bytes of a name. Of two accounts with one name the first counts, as with Apache.</summary>
internal sealed class AccountTable
{
    private const int LongestName = 256;
    private readonly Dictionary<string, Account> _accounts = [];
    private readonly Dictionary<string, Account>.AlternateLookup<ReadOnlySpan<char>> _byChars;

    public AccountTable(IReadOnlyList<Account> accounts)
    {
        foreach (var account in accounts)
            _accounts.TryAdd(account.Name, account);
        _byChars = _accounts.GetAlternateLookup<ReadOnlySpan<char>>();
        Decoy = accounts.FirstOrDefault(account => account.Hash.IsSlow)?.Hash ?? (accounts.Count > 0 ? accounts[0].Hash : null);
    }

    /// <summary>
    /// The hash to check a password against when there is no such user, so that the time of the answer does not tell; null when there are no users.
    /// </summary>
    public PasswordHash? Decoy { get; }

    /// <summary>The account of a name in UTF-8; null for none.</summary>
    public Account? Find(ReadOnlySpan<byte> name)
    {
        Span<char> chars = stackalloc char[LongestName];
        return Encoding.UTF8.TryGetChars(name, chars, out var count) && _byChars.TryGetValue(chars[..count], out var account) ? account : null;
    }
}
