using Gatehouse.Net.Interop;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Files;

/// <summary>Reads that never wait for a disk.</summary>
public static class CachedReads
{
    /// <summary>
    /// Reads from <paramref name="offset"/> what is in memory (preadv2(2) with RWF_NOWAIT). <see cref="IoResult.WouldBlock"/> when the disk would be
    /// asked, or the file system cannot tell: then the read belongs on an <see cref="IoPool"/>. <see cref="IoResult.EndOfStream"/> at the end of the file.
    /// One byte tells whether sendfile(2) from there would begin at once.
    /// </summary>
    public static IoResult TryRead(SafeFileHandle file, Span<byte> buffer, long offset) =>
        FileCalls.ReadCached((int)file.DangerousGetHandle(), buffer, offset);
}
