using Gatehouse.Gateways.Peers;
using Gatehouse.Net.Files;

namespace Gatehouse.Gateways.Cgi;

/// <summary>
/// Finds the script of a path by walking the folder (RFC 3875 section 3.3): the first part of the path that is a file is the script, and the rest is
/// PATH_INFO. Only executable regular files inside the folder are scripts. May wait for a disk.
/// </summary>
internal static class CgiWalk
{
    /// <summary>Walks. Returns 0 and the place, or the status of the answer: 404 for nothing there or a folder, 403 for a file that must not be run.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="path">The request's path, decoded, without empty and dot segments.</param>
    /// <param name="prefix">Bytes of it that the folder does not have.</param>
    /// <param name="place">Where the script is.</param>
    /// <exception cref="IOException">The folder cannot be opened.</exception>
    public static int Find(string root, ReadOnlySpan<byte> path, int prefix, out ScriptPlace place)
    {
        place = default;
        using var folder = FileRoot.Open(root);
        for (var start = prefix + 1; start < path.Length;)
        {
            var slash = path[start..].IndexOf((byte)'/');
            var end = slash < 0 ? path.Length : start + slash;
            if (folder.TryDescribe(path[(prefix + 1)..end], out var facts) != 0)
                return 404;
            if (facts.Kind != FileKind.Folder)
            {
                place = new ScriptPlace(prefix, end);
                return facts.Kind == FileKind.Regular && facts.IsExecutable ? 0 : 403;
            }
            start = end + 1;
        }
        return 404;
    }
}
