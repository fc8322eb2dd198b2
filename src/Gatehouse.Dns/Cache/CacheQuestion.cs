using System.Buffers.Binary;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Cache;

/// <summary>What an answer is looked up by.</summary>
/// <param name="name">The name as it was asked for, without compression; the answer has it so.</param>
/// <param name="type">The type.</param>
/// <param name="variant">What else makes answers differ.</param>
public readonly ref struct CacheQuestion(ReadOnlySpan<byte> name, DnsType type, CacheVariant variant = CacheVariant.None)
{
    /// <summary>The name.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>The type.</summary>
    public DnsType Type { get; } = type;

    /// <summary>What else makes answers differ.</summary>
    public CacheVariant Variant { get; } = variant;

    internal int KeyLength => Name.Length + 3;

    internal ulong Hash(ulong seed) => DnsWireName.Hash(Name, seed ^ (((ulong)Type << 8) | (ulong)Variant));

    internal void WriteKey(Span<byte> key)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(key, (ushort)Type);
        key[2] = (byte)Variant;
        DnsWireName.ToLower(Name, key[3..]);
    }

    internal bool IsKey(ReadOnlySpan<byte> key) =>
        key.Length == KeyLength && BinaryPrimitives.ReadUInt16LittleEndian(key) == (ushort)Type && key[2] == (byte)Variant && DnsWireName.AreEqual(key[3..], Name);
}
