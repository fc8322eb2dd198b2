using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Protocols.Dns.Names;

/// <summary>
/// A domain name as a value, in wire format without compression. Case is kept and does not count in comparisons (RFC 4343). The default is the root.
/// </summary>
public readonly struct DnsName : IEquatable<DnsName>, IComparable<DnsName>
{
    private readonly byte[]? _wire;

    private DnsName(byte[] wire) => _wire = wire;

    /// <summary>The root of all names.</summary>
    public static DnsName Root => default;

    /// <summary>Labels with their length in front, and a zero.</summary>
    public ReadOnlySpan<byte> Wire => _wire is null ? "\0"u8 : _wire;

    /// <summary>True for the root.</summary>
    public bool IsRoot => Wire.Length == 1;

    /// <summary>Labels; the root has none.</summary>
    public int LabelCount => DnsWireName.CountLabels(Wire);

    /// <summary>The name without its first label; the root is its own parent.</summary>
    public DnsName Parent => IsRoot ? this : new DnsName(Wire[(Wire[0] + 1)..].ToArray());

    /// <summary>The bytes of the first label; empty for the root.</summary>
    public ReadOnlySpan<byte> FirstLabel => Wire.Slice(1, Wire[0]);

    /// <summary>A copy of a name in wire format without compression; false when <paramref name="wire"/> is not one, or longer.</summary>
    public static bool TryFromWire(ReadOnlySpan<byte> wire, out DnsName name)
    {
        if (DnsWireName.Measure(wire) is var length && (length == 0 || length != wire.Length))
        {
            name = default;
            return false;
        }
        name = new DnsName(wire.ToArray());
        return true;
    }

    /// <summary>Reads a name in presentation format; see <see cref="DnsNameText"/>.</summary>
    /// <param name="text">The name; a final dot does not matter.</param>
    /// <param name="name">The name.</param>
    /// <param name="fault">What is wrong with it.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out DnsName name, [NotNullWhen(false)] out string? fault)
    {
        Span<byte> wire = stackalloc byte[DnsWireName.MaxLength];
        fault = DnsNameText.Read(text, wire, out var length);
        name = fault is null ? new DnsName(wire[..length].ToArray()) : default;
        return fault is null;
    }

    /// <summary>Reads a name in presentation format.</summary>
    /// <exception cref="FormatException">It is not a name; the message says why.</exception>
    public static DnsName Parse(ReadOnlySpan<char> text) => TryParse(text, out var name, out var fault) ? name : throw new FormatException(fault);

    /// <summary>The name with a label in front.</summary>
    /// <exception cref="ArgumentException">The label is empty or longer than 63 bytes, or the name becomes longer than 255.</exception>
    public DnsName Prepend(ReadOnlySpan<byte> label)
    {
        if (label.Length is 0 or > DnsWireName.MaxLabel || label.Length + 1 + Wire.Length > DnsWireName.MaxLength)
            throw new ArgumentException($"Expected a label of 1 to 63 bytes and a name of at most 255; found {label.Length} in front of {Wire.Length}.", nameof(label));
        return new DnsName([(byte)label.Length, .. label, .. Wire]);
    }

    /// <summary>This name with another behind it; null when both together are too long.</summary>
    public DnsName? Append(DnsName suffix) =>
        Wire.Length - 1 + suffix.Wire.Length > DnsWireName.MaxLength ? null : new DnsName([.. Wire[..^1], .. suffix.Wire]);

    /// <summary>True when this is <paramref name="ancestor"/> or a name below it.</summary>
    public bool IsAtOrBelow(DnsName ancestor) => DnsWireName.IsAtOrBelow(Wire, ancestor.Wire);

    /// <summary>The same name in small letters.</summary>
    public DnsName ToLower()
    {
        var wire = new byte[Wire.Length];
        DnsWireName.ToLower(Wire, wire);
        return new DnsName(wire);
    }

    /// <summary>The canonical order of DNSSEC: by labels from the right, small letters, as bytes (RFC 4034 section 6.1).</summary>
    public int CompareTo(DnsName other)
    {
        Span<byte> mine = stackalloc byte[128];
        Span<byte> theirs = stackalloc byte[128];
        var (left, right) = (Starts(Wire, mine), Starts(other.Wire, theirs));
        while (left > 0 && right > 0)
        {
            var a = Label(Wire, mine[--left]);
            var b = Label(other.Wire, theirs[--right]);
            for (var i = 0; i < a.Length && i < b.Length; i++)
            {
                if (DnsWireName.Lower(a[i]) - DnsWireName.Lower(b[i]) is var difference and not 0)
                    return difference;
            }
            if (a.Length != b.Length)
                return a.Length - b.Length;
        }
        return left - right;
    }

    /// <summary>The presentation format, with a final dot; A-labels stay as they are.</summary>
    public override string ToString() => DnsNameText.Format(Wire);

    /// <summary>The presentation format without a final dot and with A-labels as the characters they stand for (RFC 5891); the root is a dot.</summary>
    public string ToUnicode() => InternationalName.ToUnicode(ToString());

    /// <inheritdoc/>
    public bool Equals(DnsName other) => DnsWireName.AreEqual(Wire, other.Wire);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DnsName other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)DnsWireName.Hash(Wire, HashSeed.Value);

    /// <summary>The same name, without regard to case.</summary>
    public static bool operator ==(DnsName left, DnsName right) => left.Equals(right);

    /// <summary>Another name.</summary>
    public static bool operator !=(DnsName left, DnsName right) => !left.Equals(right);

    /// <summary>Before it in the canonical order.</summary>
    public static bool operator <(DnsName left, DnsName right) => left.CompareTo(right) < 0;

    /// <summary>Behind it in the canonical order.</summary>
    public static bool operator >(DnsName left, DnsName right) => left.CompareTo(right) > 0;

    /// <summary>Not behind it in the canonical order.</summary>
    public static bool operator <=(DnsName left, DnsName right) => left.CompareTo(right) <= 0;

    /// <summary>Not before it in the canonical order.</summary>
    public static bool operator >=(DnsName left, DnsName right) => left.CompareTo(right) >= 0;

    /// <summary>A name from bytes that are known to be one.</summary>
    internal static DnsName Of(ReadOnlySpan<byte> wire) => new(wire.ToArray());

    private static int Starts(ReadOnlySpan<byte> wire, Span<byte> starts)
    {
        var count = 0;
        for (var at = 0; wire[at] != 0; at += wire[at] + 1)
            starts[count++] = (byte)at;
        return count;
    }

    private static ReadOnlySpan<byte> Label(ReadOnlySpan<byte> wire, int start) => wire.Slice(start + 1, wire[start]);

    private static class HashSeed
    {
        internal static readonly ulong Value = (ulong)Random.Shared.NextInt64();
    }
}
