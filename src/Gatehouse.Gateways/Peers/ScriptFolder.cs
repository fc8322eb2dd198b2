using System.Text;
using Gatehouse.Http;

namespace Gatehouse.Gateways.Peers;

/// <summary>
/// Finds the script of a path in a folder. A script is a regular file that no link leads out of the folder to. A path whose script is missing is never tried
/// again shorter, which is how an uploaded picture gets run as a program elsewhere (PHP's cgi.fix_pathinfo).
/// </summary>
internal sealed class ScriptFolder
{
    private readonly string _root;
    private readonly byte[] _rootBytes;
    private readonly byte[][] _endings;
    private readonly byte[]? _index;
    private readonly bool _mustExist;

    /// <summary>A folder of scripts.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="endings">How the names of scripts end.</param>
    /// <param name="index">The script for paths that name none; null for none.</param>
    /// <param name="mustExist">False for a folder that another machine has.</param>
    public ScriptFolder(string root, IEnumerable<string> endings, string? index, bool mustExist)
    {
        _root = root;
        _rootBytes = Encoding.UTF8.GetBytes(root);
        _endings = [.. endings.Select(Encoding.UTF8.GetBytes)];
        _index = index is null ? null : Encoding.UTF8.GetBytes("/" + index);
        _mustExist = mustExist;
    }

    /// <summary>Finds the script of a path without waiting. False when the file system must be asked about a file first: <see cref="FindAsync"/>.</summary>
    /// <param name="path">The request's path.</param>
    /// <param name="prefix">Bytes of it that the folder does not have.</param>
    /// <param name="place">Where the script is; null when there is none.</param>
    public bool TryFind(ReadOnlySpan<byte> path, int prefix, out ScriptPlace? place) => TryFind(path, prefix, out place, out _);

    /// <summary>Finds the script of a request's path; null when there is none.</summary>
    /// <exception cref="IOException">The file system cannot be asked.</exception>
    public async ValueTask<ScriptPlace?> FindAsync(Request request, int prefix)
    {
        ScriptPlace? place;
        // Each turn brings one more of the two files that a path may mean.
        while (!TryFind(request.Path, prefix, out place, out var unknown))
            await ScriptFacts.AskAsync(_root, _rootBytes, unknown!);
        return place;
    }

    private bool TryFind(ReadOnlySpan<byte> path, int prefix, out ScriptPlace? place, out byte[]? unknown)
    {
        place = null;
        unknown = null;
        if (path is not [(byte)'/', ..] || path.Length == prefix)
            return true;
        var end = EndOfScript(path, prefix);
        if (end > 0)
            return TryTake(path[prefix..end], new ScriptPlace(prefix, end), ref place, ref unknown);
        if (_index is null)
            return true;
        if (path[^1] == '/' && path.Length > prefix + 1)
        {
            byte[] own = [.. path[prefix..^1], .. _index];
            if (!TryTake(own, new ScriptPlace(prefix, path.Length, own), ref place, ref unknown))
                return false;
            if (place is not null)
                return true;
        }
        return TryTake(_index, new ScriptPlace(prefix, path.Length, _index), ref place, ref unknown);
    }

    // Takes the place when the script is there; false when that is not known.
    private bool TryTake(ReadOnlySpan<byte> script, in ScriptPlace found, ref ScriptPlace? place, ref byte[]? unknown)
    {
        var exists = true;
        if (_mustExist && !ScriptFacts.TryRecall(_rootBytes, script, out exists))
        {
            unknown = script.ToArray();
            return false;
        }
        if (exists)
            place = found;
        return true;
    }

    private int EndOfScript(ReadOnlySpan<byte> path, int prefix)
    {
        for (var start = prefix + 1; start <= path.Length;)
        {
            var slash = path[start..].IndexOf((byte)'/');
            var end = slash < 0 ? path.Length : start + slash;
            foreach (var ending in _endings)
            {
                if (path[start..end].EndsWith(ending))
                    return end;
            }
            start = end + 1;
        }
        return 0;
    }
}
