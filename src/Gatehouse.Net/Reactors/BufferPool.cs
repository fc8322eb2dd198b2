namespace Gatehouse.Net.Reactors;

/// <summary>
/// A reactor's receive and send buffers: pinned arrays of two sizes, last in first out so that the warm one is used again. A connection rents one
/// when bytes arrive and returns it when it has nothing buffered. Not thread-safe: one reactor, one pool.
/// </summary>
public sealed class BufferPool
{
    /// <summary>Bytes of a pooled buffer.</summary>
    public const int BufferSize = 16 * 1024;

    /// <summary>Bytes of a large buffer, in which bodies are relayed: few system calls for a large body, and it still fits a core's second-level cache.</summary>
    public const int LargeSize = 64 * 1024;

    // What is kept for the next burst, 4 MB and 2 MB; what a burst rents beyond that goes back to the collector. A proxied request in flight holds two.
    private const int Retained = 256;
    private const int RetainedLarge = 32;

    // In a struct, so that a store into the array is not checked for the type of its element.
    private readonly Slot[] _free = new Slot[Retained];
    private readonly Slot[] _freeLarge = new Slot[RetainedLarge];
    private int _count;
    private int _largeCount;

    /// <summary>A buffer of <see cref="LargeSize"/> bytes with arbitrary content.</summary>
    public byte[] RentLarge() => _largeCount > 0 ? _freeLarge[--_largeCount].Buffer : GC.AllocateUninitializedArray<byte>(LargeSize, pinned: true);

    /// <summary>A buffer of <see cref="BufferSize"/> bytes with arbitrary content.</summary>
    public byte[] Rent() => _count > 0 ? _free[--_count].Buffer : GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);

    /// <summary>A buffer of at least <paramref name="size"/> bytes; larger ones than <see cref="LargeSize"/> are not pooled.</summary>
    public byte[] Rent(int size) => size <= BufferSize ? Rent() : size <= LargeSize ? RentLarge() : GC.AllocateUninitializedArray<byte>(size, pinned: true);

    /// <summary>Gives a rented buffer back. Must be called once and only by who rented it.</summary>
    public void Return(byte[] buffer)
    {
        if (buffer.Length == BufferSize && _count < Retained)
            _free[_count++].Buffer = buffer;
        else if (buffer.Length == LargeSize && _largeCount < RetainedLarge)
            _freeLarge[_largeCount++].Buffer = buffer;
    }

    private struct Slot
    {
        public byte[] Buffer;
    }
}
