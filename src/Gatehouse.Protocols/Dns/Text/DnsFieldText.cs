using System.Globalization;
using System.Text;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Data;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Dns.Text;

/// <summary>The parts of records' data in presentation format, one by one.</summary>
internal static class DnsFieldText
{
    private const string TimeFormat = "yyyyMMddHHmmss";

    /// <summary>Appends the text of a part of data that is known to be valid.</summary>
    internal static void Append(StringBuilder text, DnsDataField field, ref DnsDataReader data)
    {
        switch (field)
        {
            case DnsDataField.CompressedName or DnsDataField.Name or DnsDataField.ExactName:
                data.TryReadName(out var name);
                text.Append(name.ToString());
                break;
            case DnsDataField.Byte:
                data.TryReadByte(out var small);
                text.Append(small);
                break;
            case DnsDataField.UInt16:
                data.TryReadUInt16(out var number);
                text.Append(number);
                break;
            case DnsDataField.UInt32:
                data.TryReadUInt32(out var large);
                text.Append(large);
                break;
            case DnsDataField.Type:
                data.TryReadUInt16(out var type);
                text.Append(DnsTypeNames.NameOf((DnsType)type));
                break;
            case DnsDataField.Time:
                data.TryReadUInt32(out var seconds);
                text.Append(DateTimeOffset.FromUnixTimeSeconds(seconds).ToString(TimeFormat, CultureInfo.InvariantCulture));
                break;
            case DnsDataField.IPv4 or DnsDataField.IPv6:
                data.TryReadBytes(field == DnsDataField.IPv4 ? 4 : 16, out var address);
                text.Append(IpAddress.FromBytes(address).ToString());
                break;
            case DnsDataField.Text:
                data.TryReadText(out var quoted);
                AppendQuoted(text, quoted);
                break;
            case DnsDataField.Tag:
                data.TryReadText(out var tag);
                text.Append(Encoding.ASCII.GetString(tag));
                break;
            case DnsDataField.Texts:
                for (var first = true; data.TryReadText(out var one); first = false)
                {
                    if (!first)
                        text.Append(' ');
                    AppendQuoted(text, one);
                }
                break;
            case DnsDataField.TextRest:
                AppendQuoted(text, data.ReadRest());
                break;
            case DnsDataField.HexRest:
                text.Append(Convert.ToHexString(data.ReadRest()));
                break;
            case DnsDataField.Base64Rest:
                text.Append(Convert.ToBase64String(data.ReadRest()));
                break;
            case DnsDataField.Salt:
                data.TryReadText(out var salt);
                text.Append(salt.IsEmpty ? "-" : Convert.ToHexString(salt));
                break;
            case DnsDataField.Hash:
                data.TryReadText(out var hash);
                text.Append(Base32Hex.Encode(hash));
                break;
            case DnsDataField.TypeBitmap:
                text.AppendJoin(' ', DnsTypeBitmap.Read(data.ReadRest()).Select(DnsTypeNames.NameOf));
                break;
            case DnsDataField.ServiceParameters:
                DnsServiceText.Append(text, ref data);
                break;
            case DnsDataField.Location:
                DnsLocationText.Append(text, ref data);
                break;
        }
    }

    /// <summary>Reads a part's text and appends its bytes.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    internal static string? Parse(DnsDataField field, ref DnsWords words, List<byte> bytes)
    {
        switch (field)
        {
            case DnsDataField.HexRest or DnsDataField.Base64Rest: return ParseRest(field, ref words, bytes);
            case DnsDataField.Texts: return ParseTexts(ref words, bytes);
            case DnsDataField.TypeBitmap: return ParseTypes(ref words, bytes);
            case DnsDataField.ServiceParameters: return DnsServiceText.Parse(ref words, bytes);
            case DnsDataField.Location: return DnsLocationText.Parse(ref words, bytes);
            case DnsDataField.Unknown: return "found something that does not begin with \\# (RFC 3597 section 5)";
        }
        if (!words.TryNext(out var word))
            return "found its end too early";
        switch (field)
        {
            case DnsDataField.CompressedName or DnsDataField.Name or DnsDataField.ExactName:
                if (!DnsName.TryParse(word, out var name, out var fault))
                    return fault;
                bytes.AddRange(name.Wire);
                return null;
            case DnsDataField.Byte: return Number(word, byte.MaxValue, 1, bytes);
            case DnsDataField.UInt16: return Number(word, ushort.MaxValue, 2, bytes);
            case DnsDataField.UInt32: return Number(word, uint.MaxValue, 4, bytes);
            case DnsDataField.Type:
                if (!DnsTypeNames.TryParseType(word, out var type))
                    return $"found '{word}', which is no type";
                AddNumber((ushort)type, 2, bytes);
                return null;
            case DnsDataField.Time: return ParseTime(word, bytes);
            case DnsDataField.IPv4 or DnsDataField.IPv6:
                if (!IpAddress.TryParse(word, out var address) || address.IsV4 != (field == DnsDataField.IPv4))
                    return $"found '{word}', which is no {(field == DnsDataField.IPv4 ? "IPv4" : "IPv6")} address";
                Span<byte> raw = stackalloc byte[16];
                address.TryWriteBytes(raw, out var size);
                bytes.AddRange(raw[..size]);
                return null;
            case DnsDataField.Salt:
                return word is "-" ? AddText([], bytes) : TryHex(word, out var salt) ? AddText(salt, bytes) : $"found '{word}', which is not hexadecimal";
            case DnsDataField.Hash:
                return Base32Hex.Decode(word) is { } hash ? AddText(hash, bytes) : $"found '{word}', which is not base 32";
            default:
                if (Unescape(word) is not { } text)
                    return $"found '{word}' with a broken escape";
                if (field != DnsDataField.TextRest)
                    return AddText(text, bytes);
                bytes.AddRange(text);
                return null;
        }
    }

    internal static void AppendQuoted(StringBuilder text, ReadOnlySpan<byte> value)
    {
        text.Append('"');
        foreach (var b in value)
        {
            if (b is (byte)'"' or (byte)'\\')
                text.Append('\\').Append((char)b);
            else if (b is >= 0x20 and < 0x7F)
                text.Append((char)b);
            else
                text.Append('\\').Append((char)('0' + (b / 100))).Append((char)('0' + (b / 10 % 10))).Append((char)('0' + (b % 10)));
        }
        text.Append('"');
    }

    /// <summary>The bytes of a word with its escapes resolved, characters beyond ASCII as UTF-8; null when an escape is broken.</summary>
    internal static byte[]? Unescape(ReadOnlySpan<char> word)
    {
        var bytes = new List<byte>(word.Length);
        var at = 0;
        while (at < word.Length)
        {
            var next = word[at..].IndexOf('\\');
            var plain = next < 0 ? word[at..] : word.Slice(at, next);
            bytes.AddRange(Encoding.UTF8.GetBytes(plain.ToString()));
            at += plain.Length;
            if (at == word.Length)
                break;
            if (!DnsNameText.TryCharacter(word, ref at, out var value))
                return null;
            bytes.Add(value);
        }
        return [.. bytes];
    }

    internal static void AddNumber(ulong value, int size, List<byte> bytes)
    {
        for (var shift = (size - 1) * 8; shift >= 0; shift -= 8)
            bytes.Add((byte)(value >> shift));
    }

    private static string? Number(ReadOnlySpan<char> word, ulong max, int size, List<byte> bytes)
    {
        if (!ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value > max)
            return $"found '{word}' where a number from 0 to {max} belongs";
        AddNumber(value, size, bytes);
        return null;
    }

    private static string? ParseTime(ReadOnlySpan<char> word, List<byte> bytes)
    {
        if (word.Length == TimeFormat.Length
            && DateTimeOffset.TryParseExact(word, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.ToUnixTimeSeconds() is >= 0 and <= uint.MaxValue and var seconds)
        {
            AddNumber((ulong)seconds, 4, bytes);
            return null;
        }
        return word.Length > 10 ? $"found '{word}' where a time (YYYYMMDDHHmmSS) belongs" : Number(word, uint.MaxValue, 4, bytes);
    }

    private static string? AddText(ReadOnlySpan<byte> text, List<byte> bytes)
    {
        if (text.Length > byte.MaxValue)
            return $"found a string of {text.Length} bytes, more than 255";
        bytes.Add((byte)text.Length);
        bytes.AddRange(text);
        return null;
    }

    private static string? ParseTexts(ref DnsWords words, List<byte> bytes)
    {
        var found = false;
        while (words.TryNext(out var word))
        {
            found = true;
            if (Unescape(word) is not { } text)
                return $"found '{word}' with a broken escape";
            if (AddText(text, bytes) is { } fault)
                return fault;
        }
        return found ? null : "found no string";
    }

    private static string? ParseTypes(ref DnsWords words, List<byte> bytes)
    {
        var types = new List<DnsType>();
        while (words.TryNext(out var word))
        {
            if (!DnsTypeNames.TryParseType(word, out var type))
                return $"found '{word}', which is no type";
            types.Add(type);
        }
        bytes.AddRange(DnsTypeBitmap.Write(types));
        return null;
    }

    private static string? ParseRest(DnsDataField field, ref DnsWords words, List<byte> bytes)
    {
        var joined = new StringBuilder();
        while (words.TryNext(out var word))
            joined.Append(word);
        var text = joined.ToString();
        if (field == DnsDataField.HexRest)
        {
            if (!TryHex(text, out var hex))
                return $"found '{text}', which is not hexadecimal";
            bytes.AddRange(hex);
            return null;
        }
        var buffer = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, buffer, out var written))
            return $"found '{text}', which is not base 64";
        bytes.AddRange(buffer.AsSpan(0, written));
        return null;
    }

    private static bool TryHex(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 2];
        return text.Length % 2 == 0 && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }
}
