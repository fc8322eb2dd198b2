using System.Text;
using Gatehouse.Net.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Files;

/// <summary>
/// A file that is written at its end only, wherever that is at the moment of the write (O_APPEND): several processes may append to the same one, and it may be
/// truncated meanwhile. May wait for a disk. Used from one thread at a time.
/// </summary>
public sealed class AppendFile : IDisposable
{
    // rw-r--r--, less what the process's umask takes away.
    private const uint Mode = 0b110_100_100;

    private readonly SafeFileHandle _file;

    private AppendFile(SafeFileHandle file) => _file = file;

    /// <summary>Opens the file at <paramref name="path"/>, and makes it when it is not there.</summary>
    /// <exception cref="IOException">It cannot be opened; the message has the system's reason.</exception>
    public static AppendFile Open(string path)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var opened = bytes.AsSpan().Contains((byte)0)
            ? -Errno.Invalid
            : FileCalls.OpenAt(OpenConstants.CurrentFolder, bytes, OpenConstants.WriteOnly | OpenConstants.Create | OpenConstants.Append | OpenConstants.NoControllingTerminal, Mode);
        return opened >= 0
            ? new AppendFile(new SafeFileHandle(opened, ownsHandle: true))
            : throw new IOException($"Cannot open '{path}': {Errno.Describe(-opened)}.");
    }

    /// <summary>Appends as much of <paramref name="bytes"/> as the file takes at once; the rest, if any, is to be written after it.</summary>
    /// <returns>How many bytes were written, at least one unless none were given.</returns>
    /// <exception cref="IOException">The disk is full or failed, or the reader of a pipe is gone; nothing was written.</exception>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        var written = FileCalls.Write((int)_file.DangerousGetHandle(), bytes);
        return written >= 0 ? written : throw new IOException(Errno.Describe(-written));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();
}
