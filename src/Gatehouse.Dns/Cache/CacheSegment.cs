using System.Buffers.Binary;

namespace Gatehouse.Dns.Cache;

/// <summary>
/// A part of a cache: an index by hash over entries in slabs. The version is odd while a writer is at work; a reader whose version changed reads again, and
/// trusts no offset before it has compared it with its array. Slabs are filled one after the other; when there may be no more, the oldest is emptied.
/// </summary>
internal sealed class CacheSegment
{
    private const int SlabSize = 64 * 1024;
    private const int MaxEntry = 16 * 1024;
    private const int Unit = 8;
    private const int UnitBits = 13;
    private const int MaxSlabs = 1 << (24 - UnitBits);
    private const int ReadTries = 64;

    // An entry: bytes in all, bytes of the key, hash, seconds when it was stored, seconds of its life; key; answer.
    private const int HeaderBytes = 16;

    private readonly int _maxNames;
    private readonly int _maxSlabs;
    private readonly int _maxPerSlab;
    private readonly List<int> _order = [];
    private Slab[] _slabs = [];

    // Eight bits of the hash, 24 of the position in units of eight bytes. Positions begin at 1: 0 is a free place.
    private uint[] _index = [];
    private byte[]? _scratch;
    private int _count;
    private int _used;
    private long _live;
    private int _version;
    private int _writer;

    internal CacheSegment(int maxNames, long maxBytes)
    {
        _maxNames = Math.Max(1, maxNames);
        _maxSlabs = (int)Math.Clamp(maxBytes / SlabSize, 2, MaxSlabs);
        _maxPerSlab = Math.Max(16, _maxNames / 8);
    }

    internal int Count => _count;

    internal long Bytes => ((long)_order.Count * (SlabSize + (SlabSize / Unit / 8))) + (_index.Length * sizeof(uint));

    /// <summary>Writes the message for a question and returns its length; 0 when there is none.</summary>
    internal int Find(in CacheQuestion question, uint hash, Span<byte> message, out uint storedAt, out uint life)
    {
        var spin = default(SpinWait);
        for (var tries = 0; tries < ReadTries; tries++)
        {
            var version = Volatile.Read(ref _version);
            if ((version & 1) == 0)
            {
                var length = Read(question, hash, message, out storedAt, out life, out var position);
                Volatile.ReadBarrier();
                if (_version == version)
                {
                    if (length > 0)
                        Touch(position);
                    return length;
                }
            }
            spin.SpinOnce(sleep1Threshold: -1);
        }
        (storedAt, life) = (0, 0);
        return 0;
    }

    internal bool Add(in CacheQuestion question, uint hash, ReadOnlySpan<byte> answer, uint now, uint life)
    {
        var size = HeaderBytes + question.KeyLength + answer.Length;
        if (size > MaxEntry)
            return false;
        Enter();
        try
        {
            var place = Locate(question, hash);
            if (place >= 0 && TryReplace(_index[place], size, answer, now, life))
                return true;
            if (place >= 0)
                Remove(place);
            var entry = Append(size, out var position);
            BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)size);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[2..], (ushort)question.KeyLength);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], hash);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], now);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], life);
            question.WriteKey(entry[HeaderBytes..]);
            answer.CopyTo(entry[(HeaderBytes + question.KeyLength)..]);
            Insert(hash, position, size);
            return true;
        }
        finally
        {
            Leave();
        }
    }

    internal void Clear()
    {
        Enter();
        (_slabs, _index, _count, _live, _used) = ([], [], 0, 0, 0);
        _order.Clear();
        Leave();
    }

    private static int Round(int size) => (size + Unit - 1) & ~(Unit - 1);

    private static int UnitOf(uint slot) => (int)(slot & ((1 << UnitBits) - 1));

    private static int SlabOf(uint slot) => (int)((slot >> UnitBits) & (MaxSlabs - 1));

    private int Read(in CacheQuestion question, uint hash, Span<byte> message, out uint storedAt, out uint life, out uint position)
    {
        (storedAt, life, position) = (0, 0, 0);
        var index = _index;
        var slabs = _slabs;
        var mask = index.Length - 1;
        if (mask < 0)
            return 0;
        for (int place = (int)hash & mask, seen = 0; index[place] is var slot && slot != 0 && seen <= mask; place = (place + 1) & mask, seen++)
        {
            if (slot >> 24 != hash >> 24)
                continue;
            var entry = EntryAt(slabs, slot);
            if (entry.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) != hash)
                continue;
            int size = BinaryPrimitives.ReadUInt16LittleEndian(entry);
            int keyLength = BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]);
            if (size > entry.Length || HeaderBytes + keyLength > size || !question.IsKey(entry.Slice(HeaderBytes, keyLength)))
                continue;
            storedAt = BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
            life = BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]);
            position = slot;
            return CacheEntry.Unpack(question, entry[(HeaderBytes + keyLength)..size], message);
        }
        return 0;
    }

    private static ReadOnlySpan<byte> EntryAt(Slab[] slabs, uint slot)
    {
        var slab = SlabOf(slot);
        var bytes = slab < slabs.Length ? slabs[slab].Bytes : null;
        return bytes is null ? default : bytes.AsSpan(UnitOf(slot) * Unit);
    }

    // Bits beside the slab, so that one that is set too late, when the slab has another content, does no harm.
    private void Touch(uint slot)
    {
        var (slabs, unit) = (_slabs, UnitOf(slot));
        if (SlabOf(slot) >= slabs.Length || slabs[SlabOf(slot)].Touched is not { } touched)
            return;
        if ((touched[unit >> 3] & (1 << (unit & 7))) == 0)
            touched[unit >> 3] |= (byte)(1 << (unit & 7));
    }

    private void Enter()
    {
        var spin = default(SpinWait);
        while (Interlocked.CompareExchange(ref _writer, 1, 0) != 0)
            spin.SpinOnce(sleep1Threshold: -1);
        _version++;
        Volatile.WriteBarrier();
    }

    private void Leave()
    {
        Volatile.WriteBarrier();
        _version++;
        Volatile.Write(ref _writer, 0);
    }

    private int Locate(in CacheQuestion question, uint hash)
    {
        var mask = _index.Length - 1;
        for (var place = (int)hash & mask; mask >= 0 && _index[place] != 0; place = (place + 1) & mask)
        {
            var entry = EntryAt(_slabs, _index[place]);
            if (_index[place] >> 24 == hash >> 24 && BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) == hash
                && question.IsKey(entry.Slice(HeaderBytes, BinaryPrimitives.ReadUInt16LittleEndian(entry[2..]))))
                return place;
        }
        return -1;
    }

    // The same answer with a new time to live is the usual case.
    private bool TryReplace(uint slot, int size, ReadOnlySpan<byte> answer, uint now, uint life)
    {
        var entry = _slabs[SlabOf(slot)].Bytes.AsSpan(UnitOf(slot) * Unit);
        if (Round(BinaryPrimitives.ReadUInt16LittleEndian(entry)) != Round(size))
            return false;
        BinaryPrimitives.WriteUInt16LittleEndian(entry, (ushort)size);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], now);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], life);
        answer.CopyTo(entry[(size - answer.Length)..]);
        return true;
    }

    private void Insert(uint hash, uint position, int size)
    {
        if ((_count + 1) * 4 > _index.Length * 3)
            Grow();
        Place(_index, hash, position);
        _count++;
        _live += Round(size);
    }

    private static void Place(uint[] index, uint hash, uint position)
    {
        var mask = index.Length - 1;
        var place = (int)hash & mask;
        while (index[place] != 0)
            place = (place + 1) & mask;
        index[place] = (hash & 0xFF00_0000) | position;
    }

    private void Grow()
    {
        var larger = new uint[Math.Max(64, _index.Length * 2)];
        foreach (var slot in _index)
        {
            if (slot != 0)
                Place(larger, BinaryPrimitives.ReadUInt32LittleEndian(EntryAt(_slabs, slot)[4..]), slot & 0xFF_FFFF);
        }
        _index = larger;
    }

    // What stands behind moves up, so that no search ends too early (Knuth, algorithm R).
    private void Remove(int place)
    {
        _live -= Round(BinaryPrimitives.ReadUInt16LittleEndian(EntryAt(_slabs, _index[place])));
        _count--;
        var mask = _index.Length - 1;
        for (var next = (place + 1) & mask; _index[next] != 0; next = (next + 1) & mask)
        {
            var home = (int)BinaryPrimitives.ReadUInt32LittleEndian(EntryAt(_slabs, _index[next])[4..]) & mask;
            if (((next - home) & mask) < ((next - place) & mask))
                continue;
            _index[place] = _index[next];
            place = next;
        }
        _index[place] = 0;
    }

    private Span<byte> Append(int size, out uint position)
    {
        if (_order.Count == 0 || _used + Round(size) > SlabSize || _slabs[_order[^1]].Entries >= _maxPerSlab)
            NextSlab(Round(size));
        ref var slab = ref _slabs[_order[^1]];
        position = (uint)((_order[^1] << UnitBits) | (_used / Unit));
        var entry = slab.Bytes.AsSpan(_used, size);
        _used += Round(size);
        slab.Entries++;
        return entry;
    }

    private void NextSlab(int needed)
    {
        var isFull = _count >= _maxNames;
        var isSparse = _order.Count > 2 && _live * 2 < (long)_order.Count * SlabSize;
        if (_order.Count < _maxSlabs && !isFull && !isSparse)
        {
            if (_order.Count == _slabs.Length)
                Array.Resize(ref _slabs, Math.Max(4, _slabs.Length * 2));
            _slabs[_order.Count] = new Slab(GC.AllocateUninitializedArray<byte>(SlabSize, pinned: true), new byte[SlabSize / Unit / 8]);
            _order.Add(_order.Count);
            _used = Unit;
            return;
        }
        Recycle(keepsAll: isSparse && !isFull, SlabSize - needed);
    }

    /// <summary>
    /// Empties the oldest slab and goes on in it. Where names are what there are too many of, those that were not asked for since go; where it is mostly
    /// outdated answers, all that hold stay.
    /// </summary>
    private void Recycle(bool keepsAll, int room)
    {
        var oldest = _order[0];
        _order.RemoveAt(0);
        _order.Add(oldest);
        ref var slab = ref _slabs[oldest];
        _scratch ??= new byte[SlabSize];
        var entries = slab.Entries;
        slab.Bytes.AsSpan().CopyTo(_scratch);
        (slab.Entries, _used) = (0, Unit);
        var at = Unit;
        // Entries leave the index while their slab still has them, then the survivors are written to its front.
        Span<bool> survives = new bool[entries];
        for (var i = 0; i < entries; i++)
        {
            var entry = _scratch.AsSpan(at);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(entry);
            var place = PlaceOf(BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]), (uint)((oldest << UnitBits) | (at / Unit)));
            if (place >= 0)
            {
                var unit = at / Unit;
                survives[i] = keepsAll || (slab.Touched[unit >> 3] & (1 << (unit & 7))) != 0;
                Remove(place);
            }
            at += Round(size);
        }
        Array.Clear(slab.Touched);
        at = Unit;
        var left = keepsAll ? entries : entries / 2;
        for (var i = 0; i < entries; i++)
        {
            var entry = _scratch.AsSpan(at);
            int size = BinaryPrimitives.ReadUInt16LittleEndian(entry);
            if (survives[i] && left > 0 && _used + Round(size) <= room)
            {
                left--;
                var position = (uint)((oldest << UnitBits) | (_used / Unit));
                entry[..size].CopyTo(slab.Bytes.AsSpan(_used));
                _used += Round(size);
                slab.Entries++;
                Insert(BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]), position, size);
            }
            at += Round(size);
        }
    }

    private int PlaceOf(uint hash, uint position)
    {
        var mask = _index.Length - 1;
        for (var place = (int)hash & mask; _index[place] != 0; place = (place + 1) & mask)
        {
            if ((_index[place] & 0xFF_FFFF) == position)
                return place;
        }
        return -1;
    }

    private struct Slab(byte[] bytes, byte[] touched)
    {
        internal readonly byte[] Bytes = bytes;
        internal readonly byte[] Touched = touched;
        internal int Entries;
    }
}
