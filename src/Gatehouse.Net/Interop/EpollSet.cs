using System.Runtime.InteropServices;

namespace Gatehouse.Net.Interop;

/// <summary>An epoll(7) descriptor with room for the events of one turn, and the eventfd(2) that wakes it.</summary>
internal sealed unsafe class EpollSet : IDisposable
{
    internal const uint Readable = 0x1;
    internal const uint Writable = 0x4;
    internal const uint Error = 0x8;
    internal const uint HangUp = 0x10;
    internal const uint PeerEnded = 0x2000;
    internal const uint Exclusive = 1u << 28;
    internal const uint EdgeTriggered = 1u << 31;

    /// <summary>Data of the wake-up's own event; no slot has it.</summary>
    internal const ulong WakeData = ulong.MaxValue;

    /// <summary>Events taken per turn.</summary>
    internal const int Capacity = 512;

    private const int Add = 1;
    private const int Remove = 2;
    private const int Modify = 3;

    // struct epoll_event is packed on x86-64 only (epoll_ctl(2)).
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = Stride - 8;

    private readonly byte* _events;
    private readonly int _set;
    private readonly int _wake;

    internal EpollSet()
    {
        _set = Libc.EpollCreate(SocketConstants.CloseOnExec);
        if (_set < 0)
            throw Errno.ToException(Marshal.GetLastSystemError(), "Cannot make an epoll set");
        _wake = Libc.EventDescriptor(0, SocketConstants.NonBlocking | SocketConstants.CloseOnExec);
        if (_wake < 0)
        {
            var errno = Marshal.GetLastSystemError();
            _ = Libc.Close(_set);
            throw Errno.ToException(errno, "Cannot make an eventfd");
        }

        _events = (byte*)NativeMemory.AllocZeroed((nuint)(Capacity * Stride));

        // Edge-triggered, each write is an event of its own and the counter need never be read.
        Watch(_wake, Readable | EdgeTriggered, WakeData);
    }

    /// <summary>Adds a descriptor: 0 or the errno. What is ready already is an event of the next wait.</summary>
    internal int Watch(int descriptor, uint events, ulong data) => Control(Add, descriptor, events, data);

    /// <summary>Changes what a descriptor is watched for: 0 or the errno. What is ready already is an event of the next wait.</summary>
    internal int Rewatch(int descriptor, uint events, ulong data) => Control(Modify, descriptor, events, data);

    /// <summary>Takes a descriptor out of the set.</summary>
    internal void Unwatch(int descriptor) => Control(Remove, descriptor, 0, 0);

    /// <summary>Waits for events: not at all with 0, without limit with -1. Returns their number; 0 also when a signal came.</summary>
    internal int Wait(int milliseconds)
    {
        var count = milliseconds == 0 ? Libc.EpollPollFast(_set, _events, Capacity, 0) : Libc.EpollWait(_set, _events, Capacity, milliseconds);
        return count < 0 ? 0 : count;
    }

    /// <summary>The event at <paramref name="index"/> of the last wait.</summary>
    internal uint Event(int index, out ulong data)
    {
        var entry = _events + (index * Stride);
        data = *(ulong*)(entry + DataOffset);
        return *(uint*)entry;
    }

    /// <summary>Ends a wait that is under way, or the next one at once. From any thread.</summary>
    internal void Wake()
    {
        var one = 1UL;
        _ = Libc.Write(_wake, &one, sizeof(ulong));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ = Libc.Close(_set);
        _ = Libc.Close(_wake);
        NativeMemory.Free(_events);
    }

    private int Control(int operation, int descriptor, uint events, ulong data)
    {
        var change = stackalloc byte[16];
        *(uint*)change = events;
        *(ulong*)(change + DataOffset) = data;
        return Libc.EpollControlFast(_set, operation, descriptor, change) == 0 ? 0 : Marshal.GetLastSystemError();
    }
}
