using System.Runtime.CompilerServices;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Messages;

/// <summary>
/// Which names, and ends of names, stand where in a message that is being written: a small table by hash, in the writer itself. When it is full, further names
/// are written out, which is as good a message.
/// </summary>
internal struct DnsCompression
{
    private const int Slots = 64;
    private const int MaxEntries = 48;
    private const int MaxTarget = 0x3FFF;

    // Hash in the upper 16 bits, offset in the lower: offsets are never 0, so that 0 is a free slot.
    private Table _table;
    private int _count;
    private int _lastStart;
    private int _lastLength;

    /// <summary>Writes a name at <paramref name="at"/>, its known end as a pointer; false when there is not the room.</summary>
    internal bool TryWrite(Span<byte> destination, ref int at, ReadOnlySpan<byte> name)
    {
        // The name of the record before, which is that of most records, without a look into the table.
        if (_lastLength == name.Length && name.Length > 1 && DnsWireName.AreEqual(destination.Slice(_lastStart, _lastLength), name))
            return TryWritePointer(destination, ref at, _lastStart);
        Span<byte> starts = stackalloc byte[128];
        Span<ushort> hashes = stackalloc ushort[128];
        var labels = 0;
        for (var i = 0; name[i] != 0; i += name[i] + 1)
            starts[labels++] = (byte)i;
        var hash = 0u;
        for (var label = labels - 1; label >= 0; label--)
        {
            hash = HashLabel(name.Slice(starts[label], name[starts[label]] + 1), hash);
            hashes[label] = (ushort)(hash >> 16);
        }
        var start = at;
        for (var label = 0; label < labels; label++)
        {
            var suffix = name[starts[label]..];
            if (Find(destination, suffix, hashes[label], start) is > 0 and var target)
                return TryWritePointer(destination, ref at, target);
            var length = suffix[0] + 1;
            if (destination.Length - at < length)
                return false;
            Add(hashes[label], at);
            suffix[..length].CopyTo(destination[at..]);
            at += length;
        }
        if (at == destination.Length)
            return false;
        destination[at++] = 0;
        if (start <= MaxTarget && labels > 0)
            (_lastStart, _lastLength) = (start, name.Length);
        return true;
    }

    /// <summary>Forgets the names from <paramref name="start"/> on, which are taken back.</summary>
    internal void Forget(int start)
    {
        if (_lastStart >= start)
            (_lastStart, _lastLength) = (0, 0);
        var old = _table;
        (_table, _count) = (default, 0);
        foreach (var entry in (ReadOnlySpan<uint>)old)
        {
            if (entry != 0 && (int)(entry & 0xFFFF) < start)
                Add((ushort)(entry >> 16), (int)(entry & 0xFFFF));
        }
    }

    private static bool TryWritePointer(Span<byte> destination, ref int at, int target)
    {
        if (destination.Length - at < 2)
            return false;
        destination[at++] = (byte)(0xC0 | (target >> 8));
        destination[at++] = (byte)target;
        return true;
    }

    private static uint HashLabel(ReadOnlySpan<byte> label, uint hash)
    {
        foreach (var value in label)
            hash = (hash ^ DnsWireName.Lower(value)) * 0x0100_0193;
        return hash * 0x9E37_79B1;
    }

    // Only names before the one that is being written, which has no end yet.
    private readonly int Find(ReadOnlySpan<byte> message, ReadOnlySpan<byte> suffix, ushort hash, int before)
    {
        for (var slot = hash % Slots; _table[slot] != 0; slot = (slot + 1) % Slots)
        {
            var target = (int)(_table[slot] & 0xFFFF);
            if (_table[slot] >> 16 == hash && target < before && new DnsNameSpan(message, target, suffix.Length).Is(suffix))
                return target;
        }
        return 0;
    }

    private void Add(ushort hash, int offset)
    {
        if (_count == MaxEntries || offset > MaxTarget)
            return;
        var slot = hash % Slots;
        while (_table[slot] != 0)
            slot = (slot + 1) % Slots;
        _table[slot] = ((uint)hash << 16) | (uint)offset;
        _count++;
    }

    [InlineArray(Slots)]
    private struct Table
    {
        private uint _first;
    }
}
