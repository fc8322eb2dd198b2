namespace Gatehouse.Net.Transports;

/// <summary>One direction of a <see cref="MemoryTransport"/> pair: a bounded ring of bytes. Its members are called with the pair's lock held.</summary>
internal sealed class MemoryPipe(int capacity)
{
    private readonly byte[] _ring = new byte[capacity];
    private int _head;

    /// <summary>Bytes written and not yet read.</summary>
    internal int Count { get; private set; }

    /// <summary>Bytes that fit.</summary>
    internal int Room => _ring.Length - Count;

    /// <summary>The writer has ended its side.</summary>
    internal bool IsEnded { get; set; }

    /// <summary>The reader has closed: nobody will read.</summary>
    internal bool IsAbandoned { get; set; }

    /// <summary>A read found nothing and its owner waits for an edge.</summary>
    internal bool ReaderWaits { get; set; }

    /// <summary>A write found no room and its owner waits for an edge.</summary>
    internal bool WriterWaits { get; set; }

    /// <summary>Adds what fits of <paramref name="data"/>.</summary>
    internal int Put(ReadOnlySpan<byte> data)
    {
        var count = Math.Min(data.Length, Room);
        var tail = (_head + Count) % _ring.Length;
        var first = Math.Min(count, _ring.Length - tail);
        data[..first].CopyTo(_ring.AsSpan(tail));
        data[first..count].CopyTo(_ring);
        Count += count;
        return count;
    }

    /// <summary>Copies up to the length of <paramref name="buffer"/> and leaves it there.</summary>
    internal int Look(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, Count);
        var first = Math.Min(count, _ring.Length - _head);
        _ring.AsSpan(_head, first).CopyTo(buffer);
        _ring.AsSpan(0, count - first).CopyTo(buffer[first..]);
        return count;
    }

    /// <summary>Takes up to the length of <paramref name="buffer"/>.</summary>
    internal int Take(Span<byte> buffer)
    {
        var count = Look(buffer);
        _head = (_head + count) % _ring.Length;
        Count -= count;
        return count;
    }
}
