using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Interop;

/// <summary>
/// An array of 32-bit words in memory that is shared with other processes by its descriptor (memfd_create(2)): what one writes the others see at once, and it
/// outlives a process that dies.
/// </summary>
public sealed unsafe class SharedWords : SafeHandle
{
    private const uint CloseOnExec = 1;
    private const int ReadWrite = 3;
    private const int Shared = 1;

    private readonly int _count;

    /// <summary>Makes <paramref name="count"/> words, all 0.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The process has no memory or descriptors left.</exception>
    public SharedWords(int count)
        : base(0, ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _count = count;
        var bytes = (nuint)count * sizeof(uint);
        fixed (byte* name = "gatehouse\0"u8)
        {
            var descriptor = LibcProcesses.MemoryFile(name, CloseOnExec);
            if (descriptor < 0)
                throw Errno.ToException(Marshal.GetLastSystemError(), "Cannot make shared memory");
            Descriptor = new SafeFileHandle(descriptor, ownsHandle: true);
        }

        var start = (void*)-1;
        if (LibcProcesses.Truncate((int)Descriptor.DangerousGetHandle(), (long)bytes) == 0)
            start = LibcProcesses.Map(null, bytes, ReadWrite, Shared, (int)Descriptor.DangerousGetHandle(), 0);
        if (start == (void*)-1)
        {
            var errno = Marshal.GetLastSystemError();
            Descriptor.Dispose();
            throw Errno.ToException(errno, $"Cannot map {bytes} bytes of shared memory");
        }

        SetHandle((nint)start);
    }

    /// <summary>What a process that shares the words is given.</summary>
    public SafeFileHandle Descriptor { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The word at <paramref name="index"/>, read and written whole.</summary>
    public uint this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count);
            return Volatile.Read(ref ((uint*)handle)[index]);
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count);
            Volatile.Write(ref ((uint*)handle)[index], value);
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Descriptor.Dispose();
        return LibcProcesses.Unmap((void*)handle, (nuint)_count * sizeof(uint)) == 0;
    }
}
