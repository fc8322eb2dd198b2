using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Data;

/// <summary>The data of records of all types.</summary>
public static class DnsData
{
    /// <summary>Copies data with the names in it without compression; false when it is not what its type says, or there is not the room.</summary>
    /// <param name="type">The record's type.</param>
    /// <param name="data">Its data.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="written">Bytes written.</param>
    public static bool TryExpand(DnsType type, DnsDataReader data, Span<byte> destination, out int written) =>
        TryCopy(type, data, destination, canonical: false, out written);

    /// <summary>Copies data in the canonical form of DNSSEC: names without compression and in small letters (RFC 4034 section 6.2).</summary>
    /// <inheritdoc cref="TryExpand"/>
    public static bool TryMakeCanonical(DnsType type, DnsDataReader data, Span<byte> destination, out int written) =>
        TryCopy(type, data, destination, canonical: true, out written);

    /// <summary>True when data is what its type says.</summary>
    public static bool IsValid(DnsType type, DnsDataReader data)
    {
        foreach (var field in DnsDataLayout.Of(type))
        {
            if (!TrySkip(field, ref data))
                return false;
        }
        return data.IsAtEnd;
    }

    private static bool TryCopy(DnsType type, DnsDataReader data, Span<byte> destination, bool canonical, out int written)
    {
        written = 0;
        foreach (var field in DnsDataLayout.Of(type))
        {
            if (field is DnsDataField.CompressedName or DnsDataField.Name or DnsDataField.ExactName)
            {
                if (!data.TryReadName(out var name) || destination.Length - written < name.Length)
                    return false;
                var copy = destination.Slice(written, name.CopyTo(destination[written..]));
                if (canonical && field != DnsDataField.ExactName)
                    DnsWireName.ToLower(copy, copy);
                written += copy.Length;
                continue;
            }
            var before = data;
            if (!TrySkip(field, ref data))
                return false;
            before.TryReadBytes(before.Left - data.Left, out var bytes);
            if (!bytes.TryCopyTo(destination[written..]))
                return false;
            written += bytes.Length;
        }
        return data.IsAtEnd;
    }

    private static bool TrySkip(DnsDataField field, ref DnsDataReader data)
    {
        switch (field)
        {
            case DnsDataField.CompressedName or DnsDataField.Name or DnsDataField.ExactName: return data.TryReadName(out _);
            case DnsDataField.Byte: return data.TryReadByte(out _);
            case DnsDataField.UInt16 or DnsDataField.Type: return data.TryReadUInt16(out _);
            case DnsDataField.UInt32 or DnsDataField.Time or DnsDataField.IPv4: return data.TryReadUInt32(out _);
            case DnsDataField.IPv6: return data.TryReadBytes(16, out _);
            case DnsDataField.Text or DnsDataField.Salt: return data.TryReadText(out _);
            case DnsDataField.Hash: return data.TryReadText(out var hash) && !hash.IsEmpty;
            case DnsDataField.Tag: return data.TryReadText(out var tag) && IsTag(tag);
            case DnsDataField.Texts: return TrySkipTexts(ref data);
            case DnsDataField.TypeBitmap: return TrySkipBitmap(ref data);
            case DnsDataField.ServiceParameters: return TrySkipParameters(ref data);
            case DnsDataField.Location: return data.TryReadBytes(16, out var location) && location[0] == 0;
            default:
                data.ReadRest();
                return true;
        }
    }

    // RFC 8659 section 4.1.1: at least one of a-z, A-Z, 0-9.
    private static bool IsTag(ReadOnlySpan<byte> tag)
    {
        foreach (var value in tag)
        {
            if (!char.IsAsciiLetterOrDigit((char)value))
                return false;
        }
        return !tag.IsEmpty;
    }

    private static bool TrySkipTexts(ref DnsDataReader data)
    {
        do
        {
            if (!data.TryReadText(out _))
                return false;
        }
        while (!data.IsAtEnd);
        return true;
    }

    // RFC 4034 section 4.1.2: windows in ascending order, each with 1 to 32 bytes.
    private static bool TrySkipBitmap(ref DnsDataReader data)
    {
        var last = -1;
        while (!data.IsAtEnd)
        {
            if (!data.TryReadByte(out var window) || window <= last || !data.TryReadText(out var bits) || bits.Length is 0 or > 32)
                return false;
            last = window;
        }
        return true;
    }

    // RFC 9460 section 2.2: keys in strictly ascending order.
    private static bool TrySkipParameters(ref DnsDataReader data)
    {
        var last = -1;
        while (!data.IsAtEnd)
        {
            if (!data.TryReadUInt16(out var key) || key <= last || !data.TryReadUInt16(out var length) || !data.TryReadBytes(length, out _))
                return false;
            last = key;
        }
        return true;
    }
}
