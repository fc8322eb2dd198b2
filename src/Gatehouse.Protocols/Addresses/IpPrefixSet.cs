using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Protocols.Addresses;

/// <summary>
/// Many prefixes, each with a value; a lookup finds the longest one that holds an address, in logarithmic time and without allocating.
/// Immutable; safe to read from any thread. IPv4-mapped IPv6 addresses match IPv4 prefixes.
/// </summary>
public sealed class IpPrefixSet<T>
{
    private readonly AddressRanges<uint> _v4;
    private readonly AddressRanges<UInt128> _v6;
    private readonly T[] _values;

    /// <summary>Builds the set; of two equal prefixes the later wins.</summary>
    public IpPrefixSet(IEnumerable<KeyValuePair<IpPrefix, T>> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var v4 = new List<(uint First, uint Last, int Value)>();
        var v6 = new List<(UInt128 First, UInt128 Last, int Value)>();
        var values = new List<T>();
        foreach (var (prefix, value) in entries)
        {
            if (prefix.Address.IsNone)
                throw new ArgumentException("An entry's prefix is the default value, which holds no address.", nameof(entries));
            var hostBits = prefix.Address.BitLength - prefix.Length;
            if (prefix.Address.IsV4)
                v4.Add(((uint)prefix.Address.Low, (uint)(prefix.Address.Low | ((1UL << hostBits) - 1)), values.Count));
            else
                v6.Add((Bits(prefix.Address), Bits(prefix.Address) | (hostBits == 128 ? UInt128.MaxValue : (UInt128.One << hostBits) - 1), values.Count));
            values.Add(value);
        }
        _v4 = new AddressRanges<uint>(v4);
        _v6 = new AddressRanges<UInt128>(v6);
        _values = [.. values];
    }

    /// <summary>Number of prefixes given.</summary>
    public int Count => _values.Length;

    /// <summary>The value of the longest prefix that holds <paramref name="address"/>; false when none does.</summary>
    public bool TryGetValue(IpAddress address, [MaybeNullWhen(false)] out T value)
    {
        var index = Find(address);
        value = index < 0 ? default : _values[index];
        return index >= 0;
    }

    /// <summary>True when some prefix holds <paramref name="address"/>.</summary>
    public bool Contains(IpAddress address) => Find(address) >= 0;

    private int Find(IpAddress address) => address.IsV4 || address.IsV4Mapped ? _v4.Find((uint)address.Low) : address.IsV6 ? _v6.Find(Bits(address)) : -1;

    private static UInt128 Bits(IpAddress address) => new(address.High, address.Low);
}
