using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Protocols.DnsStamps;

/// <summary>
/// A DNS stamp, <c>sdns://</c> and base64url: all that a client must know of a server in one text (specification "DNS Stamps", dnscrypt.info/stamps-specifications).
/// </summary>
public sealed record DnsStamp
{
    /// <summary>What the text of every stamp begins with.</summary>
    public const string Scheme = "sdns://";

    // Longer ones are no stamps: each part has at most 255 bytes, and nobody pins dozens of certificates.
    private const int MaxText = 8192;

    /// <summary>What it leads to.</summary>
    public required DnsStampKind Kind { get; init; }

    /// <summary>What the server says of itself.</summary>
    public DnsStampProperties Properties { get; init; }

    /// <summary>IP address with an optional port; an IPv6 address stands in brackets. Empty where the host name is to be looked up; then perhaps <c>:port</c>.</summary>
    public string Address { get; init; } = "";

    /// <summary>DNSCrypt: the provider's Ed25519 public key, 32 bytes.</summary>
    public ReadOnlyMemory<byte> ProviderKey { get; init; }

    /// <summary>DNSCrypt: the provider's name, <c>2.dnscrypt-cert.example.com</c>.</summary>
    public string ProviderName { get; init; } = "";

    /// <summary>TLS kinds: SHA-256 of the TBS part of certificates of which one must be in the chain; none allows any chain that is trusted.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Hashes { get; init; } = [];

    /// <summary>TLS kinds: host name with an optional port.</summary>
    public string Host { get; init; } = "";

    /// <summary>HTTPS kinds: the absolute path.</summary>
    public string Path { get; init; } = "";

    /// <summary>TLS kinds: addresses of servers that the host name can be asked of.</summary>
    public IReadOnlyList<string> Bootstrap { get; init; } = [];

    /// <summary>Reads a stamp.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out DnsStamp? stamp, [NotNullWhen(false)] out string? fault)
    {
        stamp = null;
        fault = null;
        if (!text.StartsWith(Scheme, StringComparison.Ordinal) || text.Length > MaxText)
        {
            fault = $"found {(text.Length > MaxText ? $"{text.Length} characters" : $"'{text}'")}, expected a stamp: {Scheme} and at most {MaxText} characters";
            return false;
        }
        var encoded = text[Scheme.Length..];
        var bytes = new byte[Base64Url.GetMaxDecodedLength(encoded.Length) + 1];
        if (!Base64Url.IsValid(encoded) || !Base64Url.TryDecodeFromChars(encoded, bytes, out var length) || length == 0)
        {
            fault = $"found '{text}', expected base64url behind {Scheme}";
            return false;
        }
        var reader = new DnsStampReader(bytes.AsSpan(0, length));
        stamp = reader.Read();
        fault = stamp is null ? $"found the stamp '{text}', {reader.Fault}" : null;
        return stamp is not null;
    }

    /// <summary>Reads a stamp.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static DnsStamp Parse(ReadOnlySpan<char> text) => TryParse(text, out var stamp, out var fault) ? stamp : throw new FormatException(fault);

    /// <summary>The address with <paramref name="port"/> where it names none; false when it has no address.</summary>
    public bool TryGetEndpoint(ushort port, out Endpoint endpoint)
    {
        endpoint = default;
        if (Address.Length == 0 || Address[0] == ':')
            return false;
        if (IpAddress.TryParse(Address.AsSpan().Trim("[]"), out var address) && (address.IsV4 || Address[0] == '['))
        {
            endpoint = new Endpoint(address, port);
            return true;
        }
        return Endpoint.TryParse(Address, out endpoint, out _) && !endpoint.IsUnix;
    }

    /// <summary>The text that reads as the same stamp.</summary>
    /// <exception cref="InvalidOperationException">A part is too long: 255 bytes, 127 in a set.</exception>
    public override string ToString()
    {
        var bytes = new List<byte> { (byte)Kind };
        if (Kind != DnsStampKind.DnsCryptRelay)
        {
            Span<byte> properties = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(properties, (ulong)Properties);
            bytes.AddRange(properties);
        }
        if (Kind != DnsStampKind.ObliviousTarget)
            Add(bytes, Encoding.UTF8.GetBytes(Address));
        switch (Kind)
        {
            case DnsStampKind.DnsCrypt:
                Add(bytes, ProviderKey.Span);
                Add(bytes, Encoding.UTF8.GetBytes(ProviderName));
                break;
            case DnsStampKind.Https or DnsStampKind.Tls or DnsStampKind.Quic or DnsStampKind.ObliviousRelay:
                AddSet(bytes, Hashes);
                Add(bytes, Encoding.UTF8.GetBytes(Host));
                if (Kind is DnsStampKind.Https or DnsStampKind.ObliviousRelay)
                    Add(bytes, Encoding.UTF8.GetBytes(Path));
                if (Bootstrap.Count > 0)
                    AddSet(bytes, [.. Bootstrap.Select(one => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(one))]);
                break;
            case DnsStampKind.ObliviousTarget:
                Add(bytes, Encoding.UTF8.GetBytes(Host));
                Add(bytes, Encoding.UTF8.GetBytes(Path));
                break;
        }
        return Scheme + Base64Url.EncodeToString(bytes.ToArray());
    }

    /// <inheritdoc/>
    public bool Equals(DnsStamp? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static void Add(List<byte> bytes, ReadOnlySpan<byte> part, bool isFollowed = false, int max = byte.MaxValue)
    {
        if (part.Length > max)
            throw new InvalidOperationException($"A part of a stamp has {part.Length} bytes; expected at most {max}.");
        bytes.Add((byte)(part.Length | (isFollowed ? 0x80 : 0)));
        bytes.AddRange(part);
    }

    private static void AddSet(List<byte> bytes, IReadOnlyList<ReadOnlyMemory<byte>> set)
    {
        if (set.Count == 0)
            bytes.Add(0);
        for (var i = 0; i < set.Count; i++)
            Add(bytes, set[i].Span, isFollowed: i < set.Count - 1, max: 127);
    }
}
