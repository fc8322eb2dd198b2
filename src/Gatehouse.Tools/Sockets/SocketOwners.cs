using System.Globalization;

namespace Gatehouse.Tools.Sockets;

/// <summary>Which processes have which sockets, from the descriptors in /proc. Those of other users are seen by root only.</summary>
internal static class SocketOwners
{
    private const string Prefix = "socket:[";

    /// <summary>The processes by the inodes of their sockets.</summary>
    public static Dictionary<uint, List<SocketOwner>> Find()
    {
        var owners = new Dictionary<uint, List<SocketOwner>>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                Add(folder, id, owners);
        }
        return owners;
    }

    private static void Add(string folder, int id, Dictionary<uint, List<SocketOwner>> owners)
    {
        SocketOwner? owner = null;
        try
        {
            foreach (var descriptor in Directory.EnumerateFileSystemEntries(folder + "/fd"))
            {
                var target = new FileInfo(descriptor).LinkTarget;
                if (target is null || !target.StartsWith(Prefix, StringComparison.Ordinal) || !uint.TryParse(target.AsSpan(Prefix.Length, target.Length - Prefix.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var inode))
                    continue;
                owner ??= new SocketOwner(id, File.ReadAllText(folder + "/comm").TrimEnd('\n'));
                if (!owners.TryGetValue(inode, out var list))
                    owners[inode] = list = [];
                if (!list.Contains(owner))
                    list.Add(owner);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is another user's.
        }
    }
}

/// <summary>A process that has a socket.</summary>
/// <param name="Id">Its process id.</param>
/// <param name="Name">Its name, up to 15 bytes.</param>
public sealed record SocketOwner(int Id, string Name);
