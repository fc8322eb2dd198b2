using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Tools.Addresses;

/// <summary>What follows from a prefix: its addresses, its mask, its parts, its meaning.</summary>
public sealed class PrefixFacts
{
    /// <summary>Parts that one call lists at most.</summary>
    public const int MaxParts = 65_536;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n" };

    /// <summary>Of a prefix, or of one address in it: <c>192.168.1.17/24</c>.</summary>
    /// <exception cref="ToolException">It is neither an address nor a prefix.</exception>
    public PrefixFacts(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var head = slash < 0 ? text : text[..slash];
        if (!IpAddress.TryParse(head.Trim('[', ']'), out var address))
            throw new ToolException($"'{text}' is no address and no prefix; expected something like 192.168.1.0/24 or 2001:db8::/48");
        Address = address;
        var length = slash < 0 ? address.BitLength : LengthOf(text[(slash + 1)..], address, text);
        Prefix = new IpPrefix(address.Masked(length), length);
    }

    /// <summary>The address as given.</summary>
    public IpAddress Address { get; }

    /// <summary>The prefix that it lies in.</summary>
    public IpPrefix Prefix { get; }

    /// <summary>The last address.</summary>
    public IpAddress Last => FromNumber(NumberOf(Prefix.Address) + Count - 1, Prefix.Address.IsV4);

    /// <summary>How many addresses there are.</summary>
    public BigInteger Count => BigInteger.One << (Prefix.Address.BitLength - Prefix.Length);

    /// <summary>How many of them hosts may have: in IPv4 not the network's and the broadcast address, but for links of two (RFC 3021) and single addresses.</summary>
    public BigInteger Hosts => Prefix.Address.IsV4 && Prefix.Length < 31 ? Count - 2 : Count;

    /// <summary>The ranges with a meaning that hold it.</summary>
    public IReadOnlyList<SpecialRange> Meaning => SpecialRange.Around(Prefix);

    /// <summary>Splits it into prefixes of that length.</summary>
    /// <exception cref="ToolException">The length does not fit, or there would be more than <see cref="MaxParts"/>.</exception>
    public IReadOnlyList<IpPrefix> Split(int length)
    {
        if (length < Prefix.Length || length > Prefix.Address.BitLength)
            throw new ToolException($"--split: found {length}, expected {Prefix.Length} to {Prefix.Address.BitLength}");
        if (length - Prefix.Length > 16)
            throw new ToolException($"--split: {BigInteger.One << (length - Prefix.Length)} parts; at most {MaxParts} are listed");
        var start = NumberOf(Prefix.Address);
        var step = BigInteger.One << (Prefix.Address.BitLength - length);
        return [.. Enumerable.Range(0, 1 << (length - Prefix.Length)).Select(i => new IpPrefix(FromNumber(start + (i * step), Prefix.Address.IsV4), length))];
    }

    /// <summary>True when it holds all of another.</summary>
    public bool Contains(PrefixFacts other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Prefix.Address.BitLength == Prefix.Address.BitLength && other.Prefix.Length >= Prefix.Length && Prefix.Contains(other.Prefix.Address);
    }

    /// <summary>For people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Address != Prefix.Address)
            Line("address", Address.ToString());
        Line("prefix", Prefix.ToString());
        if (Prefix.Length < Prefix.Address.BitLength)
        {
            Line("first", Prefix.Address.ToString());
            Line("last", Last.ToString());
            Line("addresses", Count.ToString(CultureInfo.InvariantCulture));
            Line("for hosts", Hosts.ToString(CultureInfo.InvariantCulture));
        }
        if (Prefix.Address.IsV4)
        {
            Line("mask", Mask.ToString());
            if (Prefix.Length is < 31 and > 0)
                Line("broadcast", Last.ToString());
        }
        Line("reverse", Reverse);
        foreach (var range in Meaning)
            Line("in", $"{range.Prefix}: {range.Meaning} ({range.Source})");
        if (Meaning.Count == 0)
            Line("in", Prefix.Address.IsV4 && Prefix.Length >= 8 ? "public addresses" : "no range with a meaning of its own");
        return text.ToString();

        void Line(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-10} {value}\n");
    }

    /// <summary>As JSON.</summary>
    public string ToJson()
    {
        var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("address", Address.ToString());
            writer.WriteString("prefix", Prefix.ToString());
            writer.WriteString("first", Prefix.Address.ToString());
            writer.WriteString("last", Last.ToString());
            writer.WriteString("addresses", Count.ToString(CultureInfo.InvariantCulture));
            writer.WriteString("hosts", Hosts.ToString(CultureInfo.InvariantCulture));
            if (Prefix.Address.IsV4)
                writer.WriteString("mask", Mask.ToString());
            writer.WriteString("reverse", Reverse);
            writer.WriteStartArray("ranges");
            foreach (var range in Meaning)
            {
                writer.WriteStartObject();
                writer.WriteString("prefix", range.Prefix.ToString());
                writer.WriteString("meaning", range.Meaning);
                writer.WriteString("source", range.Source);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(output.ToArray()) + "\n";
    }

    private IpAddress Mask => IpAddress.FromV4(Prefix.Length == 0 ? 0 : uint.MaxValue << (32 - Prefix.Length));

    // The name of the address in the reverse tree of the DNS (RFC 1035 section 3.5, RFC 3596 section 2.5).
    private string Reverse
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            Address.TryWriteBytes(bytes, out var length);
            var labels = new List<string>();
            for (var i = length - 1; i >= 0; i--)
            {
                if (Address.IsV4)
                    labels.Add(bytes[i].ToString(CultureInfo.InvariantCulture));
                else
                    labels.AddRange([(bytes[i] & 15).ToString("x", CultureInfo.InvariantCulture), (bytes[i] >> 4).ToString("x", CultureInfo.InvariantCulture)]);
            }
            return string.Join('.', labels) + (Address.IsV4 ? ".in-addr.arpa" : ".ip6.arpa");
        }
    }

    // A number of bits, or an IPv4 mask.
    private static int LengthOf(string text, IpAddress address, string whole)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= address.BitLength)
            return length;
        if (address.IsV4 && IpAddress.TryParse(text, out var mask) && mask.IsV4)
        {
            var bits = (uint)NumberOf(mask);
            var ones = BitOperations.LeadingZeroCount(~bits);
            if (bits == (ones == 0 ? 0 : uint.MaxValue << (32 - ones)))
                return ones;
        }
        throw new ToolException($"'{whole}': found '{text}' behind the slash, expected 0 to {address.BitLength}{(address.IsV4 ? " or a mask like 255.255.255.0" : "")}");
    }

    private static BigInteger NumberOf(IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return new BigInteger(bytes[..length], isUnsigned: true, isBigEndian: true);
    }

    private static IpAddress FromNumber(BigInteger number, bool isV4)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var digits = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        var size = isV4 ? 4 : 16;
        digits.CopyTo(bytes[(size - digits.Length)..]);
        return IpAddress.FromBytes(bytes[..size]);
    }
}
