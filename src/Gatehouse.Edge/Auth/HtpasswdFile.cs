using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gatehouse.Edge.Routing;

namespace Gatehouse.Edge.Auth;

/// <summary>
/// Reads a file of users as htpasswd writes it: a name, a colon and a hash on each line; empty lines and those that start with # are skipped.
/// </summary>
internal static class HtpasswdFile
{
    // Some 10,000 users.
    private const int Limit = 1024 * 1024;

    /// <summary>Reads the file; <paramref name="faults"/> names every line at fault, without what it holds.</summary>
    public static bool TryRead(string path, [NotNullWhen(true)] out IReadOnlyList<Account>? accounts, [NotNullWhen(false)] out IReadOnlyList<string>? faults)
    {
        accounts = null;
        faults = null;
        if (!SettingFile.TryRead(path, Limit, out var content, out var fault))
        {
            faults = [fault];
            return false;
        }
        var found = new List<Account>();
        var wrong = new List<string>();
        var number = 0;
        foreach (var range in content.AsSpan().Split((byte)'\n'))
        {
            number++;
            var line = Encoding.UTF8.GetString(content.AsSpan(range)).TrimEnd('\r', ' ', '\t');
            if (line.Length == 0 || line[0] == '#')
                continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                wrong.Add($"{path}:{number}: found a line without a name and a colon, expected USER:HASH");
            else if (!PasswordHash.TryParse(line[(colon + 1)..], out var hash, out var reason))
                wrong.Add($"{path}:{number}: {reason}");
            else if (Account.FaultOfName(line[..colon]) is { } name)
                wrong.Add($"{path}:{number}: {name}");
            else
                found.Add(new Account(line[..colon], hash));
        }
        if (wrong.Count > 0)
        {
            faults = wrong;
            return false;
        }
        accounts = found;
        return true;
    }
}
