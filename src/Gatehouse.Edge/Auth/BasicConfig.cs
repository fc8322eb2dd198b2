using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Auth;

/// <summary>The users of HTTP Basic authentication (RFC 7617).</summary>
public sealed record BasicConfig : ICheckedSettings
{
    /// <summary>What browsers show when they ask.</summary>
    [Setting("Name of the protected area, which browsers show")]
    public string Realm { get; init; } = "restricted";

    /// <summary>Users and the hashes of their passwords.</summary>
    [Setting("Users and the hashes of their passwords: bcrypt ($2y$), $apr1$, {SHA}, or plain:PASSWORD", IsSecret = true)]
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>A file of further users, as htpasswd writes it.</summary>
    [Setting("File of further users, as htpasswd writes it; read again at each reload")]
    public FilePath? File { get; init; }

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Users.Count == 0 && File is null)
            faults.Report("", "found neither 'users' nor 'file', expected at least one of them");
        if (Realm.Any(char.IsControl))
            faults.Report("realm", "found a control character, expected a name");
        foreach (var (name, hash) in Users)
        {
            if (Account.FaultOfName(name) is { } fault)
                faults.Report($"users.{name}", fault);
            else if (!PasswordHash.TryParse(hash, out _, out fault))
                faults.Report($"users.{name}", fault);
        }
    }
}
