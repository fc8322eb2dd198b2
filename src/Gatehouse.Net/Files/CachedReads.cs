using Gatehouse.Net.Interop;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Files;

/// <summary>Reads that never wait for a disk.</summary>
public static class CachedReads
{
    // The kernel reads ahead 128 KB at a time by default; what it drops again it drops in smaller pieces.
    private const int Stride = 64 * 1024;

    /// <summary>
    /// Reads from <paramref name="offset"/> what is in memory (preadv2(2) with RWF_NOWAIT). <see cref="IoResult.WouldBlock"/> when the disk would be
    /// asked, or the file system cannot tell: then the read belongs on an <see cref="IoPool"/>. <see cref="IoResult.EndOfStream"/> at the end of the file.
    /// </summary>
    public static IoResult TryRead(SafeFileHandle file, Span<byte> buffer, long offset) =>
        FileCalls.ReadCached((int)file.DangerousGetHandle(), buffer, offset);

    /// <summary>
    /// Whether a part of a file lies in memory, so that sendfile(2) would not wait for a disk, as far as a byte in every 64 KB and the last one tell. A few
    /// system calls: not for each request. What cannot be read at all counts as there: whoever sends it meets the fault.
    /// </summary>
    public static bool Has(SafeFileHandle file, long offset, long count)
    {
        Span<byte> probe = stackalloc byte[1];
        for (var at = offset; at < offset + count; at += Stride)
        {
            if (TryRead(file, probe, at).IsWouldBlock)
                return false;
        }

        return count == 0 || !TryRead(file, probe, offset + count - 1).IsWouldBlock;
    }
}
