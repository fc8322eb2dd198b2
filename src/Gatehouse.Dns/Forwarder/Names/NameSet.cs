using System.Numerics;

namespace Gatehouse.Dns.Forwarder.Names;

/// <summary>Names by 64 bits of a hash with a secret seed: lists of millions take eight to sixteen bytes a name.</summary>
internal sealed class NameSet
{
    private ulong[] _slots = new ulong[16];

    internal int Count { get; private set; }

    internal void Add(ulong hash)
    {
        // Zero is an empty slot.
        hash |= 1;
        if (Count * 4 >= _slots.Length * 3)
            Grow();
        if (Place(_slots, hash))
            Count++;
    }

    internal bool Contains(ulong hash)
    {
        hash |= 1;
        var mask = (ulong)_slots.Length - 1;
        for (var at = Spread(hash) & mask; ; at = (at + 1) & mask)
        {
            if (_slots[at] == hash)
                return true;
            if (_slots[at] == 0)
                return false;
        }
    }

    private static ulong Spread(ulong hash) => BitOperations.RotateLeft(hash, 32);

    private static bool Place(ulong[] slots, ulong hash)
    {
        var mask = (ulong)slots.Length - 1;
        for (var at = Spread(hash) & mask; ; at = (at + 1) & mask)
        {
            if (slots[at] == hash)
                return false;
            if (slots[at] != 0)
                continue;
            slots[at] = hash;
            return true;
        }
    }

    private void Grow()
    {
        var larger = new ulong[_slots.Length * 2];
        foreach (var hash in _slots)
        {
            if (hash != 0)
                Place(larger, hash);
        }

        _slots = larger;
    }
}
