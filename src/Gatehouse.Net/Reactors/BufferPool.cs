namespace Gatehouse.Net.Reactors;

/// <summary>
/// A reactor's receive and send buffers: pinned arrays of one size, last in first out so that the warm one is used again. A connection rents one
/// when bytes arrive and returns it when it has nothing buffered. Not thread-safe: one reactor, one pool.
/// </summary>
public sealed class BufferPool
{
    /// <summary>Bytes of a pooled buffer.</summary>
    public const int BufferSize = 16 * 1024;

    // 64 buffers (1 MB) are kept for the next burst; what a burst rents beyond that goes back to the collector.
    private const int Retained = 64;
    private readonly byte[][] _free = new byte[Retained][];
    private int _count;

    /// <summary>A buffer of <see cref="BufferSize"/> bytes with arbitrary content.</summary>
    public byte[] Rent() => _count > 0 ? _free[--_count] : GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);

    /// <summary>A buffer of at least <paramref name="size"/> bytes; larger ones than <see cref="BufferSize"/> are not pooled.</summary>
    public byte[] Rent(int size) => size <= BufferSize ? Rent() : GC.AllocateUninitializedArray<byte>(size, pinned: true);

    /// <summary>Gives a rented buffer back. Must be called once and only by who rented it.</summary>
    public void Return(byte[] buffer)
    {
        if (buffer.Length == BufferSize && _count < Retained)
            _free[_count++] = buffer;
    }
}
