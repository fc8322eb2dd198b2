using Gatehouse.Net.Files;
using Gatehouse.Net.Interop;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Transports;

/// <summary>The file that bind(2) makes for a Unix socket, and that stays behind when a server ends without removing it.</summary>
internal sealed class UnixSocketFile
{
    private readonly string _path;
    private readonly FileFacts _facts;

    private UnixSocketFile(string path, FileFacts facts)
    {
        _path = path;
        _facts = facts;
    }

    /// <summary>The file of a socket that was just bound, with its access mode set; null in the abstract space.</summary>
    internal static UnixSocketFile? Bound(in Endpoint endpoint, UnixFileMode mode)
    {
        var path = endpoint.UnixPath!;
        if (path[0] == '@')
            return null;
        FileCalls.ChangeMode(path, mode);
        return FileCalls.TryIdentify(path, out var facts) ? new UnixSocketFile(path, facts) : null;
    }

    /// <summary>Removes the file when it is a socket that nobody listens on. False when it was left alone.</summary>
    internal static bool RemoveIfStale(in Endpoint endpoint)
    {
        var path = endpoint.UnixPath!;
        if (path[0] == '@' || !FileCalls.TryIdentify(path, out var facts) || facts.Kind != FileKind.Socket)
            return false;
        var probe = SocketCalls.Open(SocketConstants.FamilyUnix, SocketConstants.Stream);
        if (probe < 0)
            return false;
        var errno = SocketCalls.Connect(probe, endpoint);
        SocketCalls.Close(probe);
        if (errno != Errno.ConnectionRefused)
            return false;
        File.Delete(path);
        return true;
    }

    /// <summary>Removes the file, unless another server has put its own in the place.</summary>
    internal void Remove()
    {
        if (FileCalls.TryIdentify(_path, out var facts) && facts.IsSameFile(_facts))
            File.Delete(_path);
    }
}
