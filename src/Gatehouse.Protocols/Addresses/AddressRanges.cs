using System.Numerics;

namespace Gatehouse.Protocols.Addresses;

/// <summary>
/// Nested prefixes flattened into disjoint ranges: sorted first addresses and the value that holds from each up to the next (-1 for none).
/// n prefixes make at most 2n ranges; a lookup is a binary search in one array.
/// </summary>
internal readonly struct AddressRanges<TBits>
    where TBits : unmanaged, IBinaryInteger<TBits>, IMinMaxValue<TBits>
{
    private readonly TBits[] _firsts;
    private readonly int[] _values;

    /// <summary>Flattens ranges that are each inside, outside or equal to each other, as prefixes are; of equal ones the higher value wins.</summary>
    public AddressRanges(List<(TBits First, TBits Last, int Value)> nested)
    {
        // Outer before inner, so that the inner one overwrites; equal ones in the order of their values, so that the later overwrites.
        nested.Sort(static (a, b) =>
            a.First != b.First ? a.First.CompareTo(b.First) : a.Last != b.Last ? b.Last.CompareTo(a.Last) : a.Value.CompareTo(b.Value));
        var flat = new List<(TBits First, int Value)>(2 * nested.Count);
        var open = new Stack<(TBits Last, int Value)>();
        foreach (var (first, last, value) in nested)
        {
            while (open.TryPeek(out var outer) && outer.Last < first)
                Close(flat, open);
            Start(flat, first, value);
            open.Push((last, value));
        }
        while (open.Count > 0)
            Close(flat, open);
        _firsts = [.. flat.Select(range => range.First)];
        _values = [.. flat.Select(range => range.Value)];
    }

    /// <summary>The value at <paramref name="address"/>, or -1.</summary>
    public int Find(TBits address)
    {
        var firsts = _firsts;
        int low = 0, high = firsts.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (firsts[middle] <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? -1 : _values[low - 1];
    }

    private static void Close(List<(TBits First, int Value)> flat, Stack<(TBits Last, int Value)> open)
    {
        var last = open.Pop().Last;
        if (last != TBits.MaxValue)
            Start(flat, last + TBits.One, open.TryPeek(out var outer) ? outer.Value : -1);
    }

    private static void Start(List<(TBits First, int Value)> flat, TBits first, int value)
    {
        if (flat.Count > 0 && flat[^1].First == first)
            flat[^1] = (first, value);
        else
            flat.Add((first, value));
    }
}
