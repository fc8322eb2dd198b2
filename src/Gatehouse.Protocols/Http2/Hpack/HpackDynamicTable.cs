namespace Gatehouse.Protocols.Http2.Hpack;

/// <summary>
/// A dynamic table (RFC 7541 section 2.3.2): the entries in a ring, their bytes one behind the other in a buffer of at most twice the table's size, whose
/// live part moves to the front when its end is reached. It starts with no room and grows with what is in it.
/// </summary>
internal sealed class HpackDynamicTable(int maxSize)
{
    // RFC 7541 section 4.1.
    private const int EntryOverhead = 32;

    private HpackEntry[] _entries = [];
    private byte[] _bytes = [];
    private int _end;
    private long _next;
    private long _first;

    /// <summary>The number of the oldest entry; each new one has the next number.</summary>
    public long First => _first;

    /// <summary>The number that the next entry gets.</summary>
    public long Next => _next;

    /// <summary>How many entries there are.</summary>
    public int Count => (int)(_next - _first);

    /// <summary>Size of the entries as RFC 7541 section 4.1 counts it.</summary>
    public int Size { get; private set; }

    /// <summary>The size that the entries may have.</summary>
    public int MaxSize { get; private set; } = maxSize;

    /// <summary>The entry of that number, which is there.</summary>
    public ref HpackEntry this[long number] => ref _entries[number & (_entries.Length - 1)];

    /// <summary>The name of an entry.</summary>
    public ReadOnlySpan<byte> Name(in HpackEntry entry) => _bytes.AsSpan(entry.Start, entry.NameLength);

    /// <summary>The value of an entry.</summary>
    public ReadOnlySpan<byte> Value(in HpackEntry entry) => _bytes.AsSpan(entry.Start + entry.NameLength, entry.ValueLength);

    /// <summary>Name and value of an entry, one behind the other.</summary>
    public ReadOnlySpan<byte> Both(in HpackEntry entry) => _bytes.AsSpan(entry.Start, entry.NameLength + entry.ValueLength);

    /// <summary>Sets the size, evicting what no longer fits.</summary>
    public void Resize(int size)
    {
        MaxSize = size;
        Evict(0);
    }

    /// <summary>
    /// Adds an entry, whose bytes are not in this table's own buffer; false when it is larger than the table, which is then empty (RFC 7541 section 4.4).
    /// </summary>
    public bool TryAdd(Http2FieldKind kind, Http2FieldFaults faults, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var bytes = name.Length + value.Length;
        Evict(bytes + EntryOverhead);
        if (bytes + EntryOverhead > MaxSize)
            return false;
        if (Count == _entries.Length)
            GrowEntries();
        if (_bytes.Length - _end < bytes)
            MakeRoom(bytes);
        name.CopyTo(_bytes.AsSpan(_end));
        value.CopyTo(_bytes.AsSpan(_end + name.Length));
        this[_next++] = new HpackEntry { Start = _end, NameLength = name.Length, ValueLength = value.Length, Kind = kind, Faults = faults };
        _end += bytes;
        Size += bytes + EntryOverhead;
        return true;
    }

    private void Evict(int needed)
    {
        while (Size + needed > MaxSize && _first < _next)
        {
            ref var oldest = ref this[_first++];
            Size -= oldest.NameLength + oldest.ValueLength + EntryOverhead;
        }
    }

    private void GrowEntries()
    {
        var larger = new HpackEntry[Math.Max(_entries.Length * 2, 8)];
        for (var number = _first; number < _next; number++)
            larger[number & (larger.Length - 1)] = this[number];
        _entries = larger;
    }

    private void MakeRoom(int bytes)
    {
        var start = Count == 0 ? _end : this[_first].Start;
        var live = _end - start;
        // Half of the buffer is free after a move, so that each byte moves once at most for each that comes.
        var target = (live + bytes) * 2 <= _bytes.Length ? _bytes : new byte[Math.Max(256, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(live + bytes) * 2))];
        Buffer.BlockCopy(_bytes, start, target, 0, live);
        _bytes = target;
        _end = live;
        for (var number = _first; number < _next; number++)
            this[number].Start -= start;
    }
}

/// <summary>An entry of a <see cref="HpackDynamicTable"/>.</summary>
internal struct HpackEntry
{
    public int Start;
    public int NameLength;
    public int ValueLength;
    public Http2FieldKind Kind;
    public Http2FieldFaults Faults;

    /// <summary>For the encoder: the hash of the field, and the number of the entry before it in the same bucket.</summary>
    public uint Hash;

    /// <inheritdoc cref="Hash"/>
    public long NextInBucket;
}

/// <summary>What was found wrong with the bytes of a field when they were decoded; an indexed field is not looked at again.</summary>
[Flags]
internal enum Http2FieldFaults : byte
{
    None = 0,
    Name = 1,
    Value = 2,
}
