using System.Buffers.Binary;
using System.Text;

namespace Gatehouse.Protocols.DnsStamps;

/// <summary>Reads the bytes of a stamp.</summary>
internal ref struct DnsStampReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Why it could not be read: goes on a sentence "found the stamp X, ".</summary>
    public string? Fault { get; private set; }

    /// <summary>The stamp; null with a <see cref="Fault"/>.</summary>
    public DnsStamp? Read()
    {
        var kind = (DnsStampKind)_rest[0];
        _rest = _rest[1..];
        if (!Enum.IsDefined(kind))
            return Fail($"whose kind 0x{(byte)kind:x2} is unknown");
        var properties = DnsStampProperties.None;
        if (kind != DnsStampKind.DnsCryptRelay)
        {
            if (_rest.Length < 8)
                return Fail("which ends in its properties");
            properties = (DnsStampProperties)BinaryPrimitives.ReadUInt64LittleEndian(_rest);
            _rest = _rest[8..];
        }
        var stamp = new DnsStamp { Kind = kind, Properties = properties };
        if (kind != DnsStampKind.ObliviousTarget)
            stamp = stamp with { Address = Text("address") };
        switch (kind)
        {
            case DnsStampKind.DnsCrypt:
                stamp = stamp with { ProviderKey = Part("provider key").ToArray(), ProviderName = Text("provider name") };
                if (Fault is null && stamp.ProviderKey.Length != 32)
                    return Fail($"whose provider key has {stamp.ProviderKey.Length} bytes, expected 32");
                break;
            case DnsStampKind.Https or DnsStampKind.Tls or DnsStampKind.Quic or DnsStampKind.ObliviousRelay:
                stamp = stamp with { Hashes = Set("hashes"), Host = Text("host name") };
                if (kind is DnsStampKind.Https or DnsStampKind.ObliviousRelay)
                    stamp = stamp with { Path = Text("path") };
                if (Fault is null && !_rest.IsEmpty)
                    stamp = stamp with { Bootstrap = [.. Texts("bootstrap addresses")] };
                break;
            case DnsStampKind.ObliviousTarget:
                stamp = stamp with { Host = Text("host name"), Path = Text("path") };
                break;
        }
        if (Fault is not null)
            return null;
        if (!_rest.IsEmpty)
            return Fail($"which has {_rest.Length} bytes behind its end");
        foreach (var hash in stamp.Hashes)
        {
            if (hash.Length != 32)
                return Fail($"which has a hash of {hash.Length} bytes, expected 32 (SHA-256)");
        }
        return stamp;
    }

    private DnsStamp? Fail(string fault)
    {
        Fault ??= fault;
        return null;
    }

    private ReadOnlySpan<byte> Part(string name, int mask = 0xFF)
    {
        if (Fault is not null || _rest.IsEmpty || _rest.Length < 1 + (_rest[0] & mask))
        {
            Fault ??= $"which ends in its {name}";
            return default;
        }
        var part = _rest.Slice(1, _rest[0] & mask);
        _rest = _rest[(1 + part.Length)..];
        return part;
    }

    private string Text(string name) => Text(name, Part(name));

    private List<string> Texts(string name)
    {
        var texts = new List<string>();
        foreach (var part in Set(name))
            texts.Add(Text(name, part.Span));
        return texts;
    }

    // Texts are ASCII in printable characters: what a person may be shown.
    private string Text(string name, ReadOnlySpan<byte> part)
    {
        if (part.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0)
            return Encoding.ASCII.GetString(part);
        Fault ??= $"whose {name} has bytes that are no printable ASCII";
        return "";
    }

    // vlen: the high bit of a length says that another part follows. A set of nothing is one empty part.
    private List<ReadOnlyMemory<byte>> Set(string name)
    {
        var set = new List<ReadOnlyMemory<byte>>();
        bool isFollowed;
        do
        {
            isFollowed = !_rest.IsEmpty && (_rest[0] & 0x80) != 0;
            var part = Part(name, mask: 0x7F);
            if (!part.IsEmpty)
                set.Add(part.ToArray());
        }
        while (isFollowed && Fault is null);
        return set;
    }
}
