using Gatehouse.Net.Reactors;

namespace Gatehouse.Net.Buffers;

/// <summary>What has arrived of a body before it is read: pooled buffers in order, none while it is empty. Whoever fills it holds the bound.</summary>
public struct BodyBuffer(BufferPool pool)
{
    private byte[]?[] _segments = [];
    private int _first;
    private int _count;
    private int _start;
    private int _end;

    /// <summary>Bytes that are there.</summary>
    public int Available { get; private set; }

    /// <summary>Appends a copy.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        Available += data.Length;
        while (!data.IsEmpty)
        {
            if (_count == 0 || _end == BufferPool.BufferSize)
                AddSegment();
            var last = _segments[(_first + _count - 1) & (_segments.Length - 1)]!;
            var part = Math.Min(data.Length, BufferPool.BufferSize - _end);
            data[..part].CopyTo(last.AsSpan(_end));
            _end += part;
            data = data[part..];
        }
    }

    /// <summary>Takes from the front what fits.</summary>
    public int Read(Span<byte> destination)
    {
        var taken = 0;
        while (!destination.IsEmpty && Available > 0)
        {
            var first = _segments[_first]!;
            var limit = _count == 1 ? _end : BufferPool.BufferSize;
            var part = Math.Min(destination.Length, limit - _start);
            first.AsSpan(_start, part).CopyTo(destination);
            destination = destination[part..];
            taken += part;
            _start += part;
            Available -= part;
            if (_start == limit)
                DropSegment();
        }
        return taken;
    }

    /// <summary>Drops what is there; returns how much that was.</summary>
    public int Clear()
    {
        var dropped = Available;
        Available = 0;
        while (_count > 0)
            DropSegment();
        return dropped;
    }

    private void AddSegment()
    {
        if (_count == _segments.Length)
        {
            var larger = new byte[]?[Math.Max(_segments.Length * 2, 4)];
            for (var i = 0; i < _count; i++)
                larger[i] = _segments[(_first + i) & (_segments.Length - 1)];
            _segments = larger;
            _first = 0;
        }
        _segments[(_first + _count++) & (_segments.Length - 1)] = pool.Rent();
        _end = 0;
    }

    private void DropSegment()
    {
        pool.Return(_segments[_first]!);
        _segments[_first] = null;
        _first = (_first + 1) & (_segments.Length - 1);
        _count--;
        _start = 0;
    }
}
