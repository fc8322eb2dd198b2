using System.Text;

namespace Gatehouse.Net.Interop;

/// <summary>File system calls with spans in and an errno out.</summary>
internal static unsafe class FileCalls
{
    internal const int CurrentFolder = -100;
    internal const int NoFollow = 0x100;
    internal const int EmptyPath = 0x1000;

    private const uint BasicStats = 0x7FF;
    private const int TypeMask = 0xF000;
    private const int TypeSocket = 0xC000;

    /// <summary>Device and inode of the file at a path, the link itself when it is one. False when there is none.</summary>
    internal static bool TryIdentify(string path, out FileIdentity identity, out bool isSocket)
    {
        var bytes = Encoding.UTF8.GetBytes(path + '\0');
        LibcFiles.StatXBuffer buffer;
        fixed (byte* start = bytes)
        {
            if (LibcFiles.StatX(CurrentFolder, start, NoFollow, BasicStats, &buffer) != 0)
            {
                identity = default;
                isSocket = false;
                return false;
            }
        }

        identity = new FileIdentity(((ulong)buffer.DeviceMajor << 32) | buffer.DeviceMinor, buffer.Inode);
        isSocket = (buffer.Mode & TypeMask) == TypeSocket;
        return true;
    }

    /// <summary>chmod(2) of a path.</summary>
    internal static void ChangeMode(string path, UnixFileMode mode)
    {
        fixed (byte* start = Encoding.UTF8.GetBytes(path + '\0'))
            _ = LibcFiles.ChangeMode(start, (uint)mode);
    }
}
