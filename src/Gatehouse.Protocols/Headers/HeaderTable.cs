using System.Text;

namespace Gatehouse.Protocols.Headers;

/// <summary>
/// The fields of one received message in order, as slices of the buffer that holds them: no string is made until someone asks.
/// A codec fills it; everyone else reads. The slices are offsets, so the buffer may be moved (<see cref="Rebase"/>).
/// </summary>
public sealed class HeaderTable
{
    private HeaderSlice[] _slices;
    private byte[] _buffer = [];
    private int _count;
    private ulong _seenLow;
    private ulong _seenHigh;

    /// <summary>Makes an empty table with room for <paramref name="capacity"/> fields; it grows by doubling, and whoever fills it holds the limit.</summary>
    public HeaderTable(int capacity = 24) => _slices = new HeaderSlice[capacity];

    /// <summary>How many fields there are.</summary>
    public int Count => _count;

    /// <summary>The field at <paramref name="index"/>, in the order received.</summary>
    public HeaderField this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count);
            ref readonly var slice = ref _slices[index];
            return new HeaderField(slice.Known, _buffer.AsSpan(slice.NameStart, slice.NameLength), _buffer.AsSpan(slice.ValueStart, slice.ValueLength));
        }
    }

    /// <summary>Empties the table and points it at the buffer that the next fields lie in.</summary>
    public void Reset(byte[] buffer)
    {
        _buffer = buffer;
        _count = 0;
        _seenLow = _seenHigh = 0;
    }

    /// <summary>Points the table at a copy of its bytes in another buffer, with every offset moved by <paramref name="delta"/>.</summary>
    public void Rebase(byte[] buffer, int delta)
    {
        _buffer = buffer;
        if (delta == 0)
            return;
        foreach (ref var slice in _slices.AsSpan(0, _count))
        {
            slice.NameStart += delta;
            slice.ValueStart += delta;
        }
    }

    /// <summary>Appends a field whose name and value lie at the given offsets of the buffer.</summary>
    public void Add(KnownHeader known, int nameStart, int nameLength, int valueStart, int valueLength)
    {
        if (_count == _slices.Length)
            Array.Resize(ref _slices, _slices.Length * 2);
        ref var slice = ref _slices[_count++];
        slice.Known = known;
        slice.NameStart = nameStart;
        slice.NameLength = nameLength;
        slice.ValueStart = valueStart;
        slice.ValueLength = valueLength;
        See(known);
    }

    /// <summary>
    /// Makes the value of the last field reach to offset <paramref name="end"/>, white space around it excluded: the bytes behind it belong to it after all.
    /// </summary>
    internal void ExtendLast(int end)
    {
        ref var slice = ref _slices[_count - 1];
        var raw = _buffer.AsSpan(slice.ValueStart, end - slice.ValueStart);
        var value = HeaderSyntax.Trim(raw);
        slice.ValueStart += value.IsEmpty ? 0 : raw.IndexOfAnyExcept((byte)' ', (byte)'\t');
        slice.ValueLength = value.Length;
    }

    /// <summary>True when a field of that name was received.</summary>
    public bool Contains(KnownHeader known) =>
        known != KnownHeader.None && ((int)known < 64 ? (_seenLow >> (int)known) & 1 : (_seenHigh >> ((int)known - 64)) & 1) != 0;

    /// <summary>The value of the first field of that name; false when there is none.</summary>
    public bool TryGet(KnownHeader known, out ReadOnlySpan<byte> value)
    {
        if (Contains(known))
        {
            foreach (ref readonly var slice in _slices.AsSpan(0, _count))
            {
                if (slice.Known == known)
                {
                    value = _buffer.AsSpan(slice.ValueStart, slice.ValueLength);
                    return true;
                }
            }
        }
        value = default;
        return false;
    }

    /// <summary>The value of the first field of that name, in any case; false when there is none.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (ref readonly var slice in _slices.AsSpan(0, _count))
        {
            if (slice.NameLength == name.Length && Ascii.EqualsIgnoreCase(_buffer.AsSpan(slice.NameStart, slice.NameLength), name))
            {
                value = _buffer.AsSpan(slice.ValueStart, slice.ValueLength);
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>How many fields of that name were received.</summary>
    public int CountOf(KnownHeader known)
    {
        if (!Contains(known))
            return 0;
        var found = 0;
        foreach (ref readonly var slice in _slices.AsSpan(0, _count))
        {
            if (slice.Known == known)
                found++;
        }
        return found;
    }

    /// <summary>
    /// Removes, of the fields from index <paramref name="start"/> up to <paramref name="end"/>, those of a name, in any case, and returns how many there were.
    /// Linear in the number of fields.
    /// </summary>
    public int Remove(ReadOnlySpan<byte> name, int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)end, (uint)_count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start, (uint)end);
        var known = KnownHeaders.Find(name);
        var kept = start;
        for (var i = start; i < end; i++)
        {
            ref readonly var slice = ref _slices[i];
            var isNamed = known != KnownHeader.None ? slice.Known == known : Ascii.EqualsIgnoreCase(_buffer.AsSpan(slice.NameStart, slice.NameLength), name);
            if (!isNamed)
                _slices[kept++] = slice;
        }
        var removed = end - kept;
        _slices.AsSpan(end, _count - end).CopyTo(_slices.AsSpan(kept));
        _count -= removed;
        if (removed > 0 && known != KnownHeader.None)
            See();
        return removed;
    }

    private void See()
    {
        _seenLow = _seenHigh = 0;
        foreach (ref readonly var slice in _slices.AsSpan(0, _count))
            See(slice.Known);
    }

    private void See(KnownHeader known)
    {
        if ((int)known < 64)
            _seenLow |= 1UL << (int)known;
        else
            _seenHigh |= 1UL << ((int)known - 64);
    }

    private struct HeaderSlice
    {
        public int NameStart;
        public int NameLength;
        public int ValueStart;
        public int ValueLength;
        public KnownHeader Known;
    }
}
