using System.Globalization;
using System.Text;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Data;

namespace Gatehouse.Protocols.Dns.Text;

/// <summary>The parameters of SVCB and HTTPS records in presentation format (RFC 9460 section 2.1 and 7, RFC 9461 section 5).</summary>
internal static class DnsServiceText
{
    private const int Mandatory = 0;
    private const int Alpn = 1;
    private const int NoDefaultAlpn = 2;
    private const int Port = 3;
    private const int IPv4Hint = 4;
    private const int Ech = 5;
    private const int IPv6Hint = 6;

    private static readonly string[] Names = ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp"];

    internal static void Append(StringBuilder text, ref DnsDataReader data)
    {
        var first = true;
        while (data.TryReadUInt16(out var key) && data.TryReadUInt16(out var length) && data.TryReadBytes(length, out var value))
        {
            if (!first)
                text.Append(' ');
            first = false;
            text.Append(NameOf(key));
            if (value.IsEmpty)
                continue;
            text.Append('=');
            AppendValue(text, key, value);
        }
    }

    internal static string? Parse(ref DnsWords words, List<byte> bytes)
    {
        var parameters = new SortedDictionary<int, byte[]>();
        while (words.TryNext(out var word))
        {
            var equals = word.IndexOf('=');
            var name = equals < 0 ? word : word[..equals];
            if (KeyOf(name) is not { } key)
                return $"found '{name}', which is no parameter";
            var text = equals < 0 ? "" : word[(equals + 1)..].Trim('"').ToString();
            if (ParseValue(key, text) is not { } value)
                return $"found '{word}', whose value is none of its key's";
            if (!parameters.TryAdd(key, value))
                return $"found '{name}' twice";
        }
        foreach (var (key, value) in parameters)
        {
            DnsFieldText.AddNumber((ulong)key, 2, bytes);
            DnsFieldText.AddNumber((ulong)value.Length, 2, bytes);
            bytes.AddRange(value);
        }
        return null;
    }

    private static string NameOf(int key) => key < Names.Length ? Names[key] : string.Create(CultureInfo.InvariantCulture, $"key{key}");

    private static int? KeyOf(ReadOnlySpan<char> name)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (name.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
                return i;
        }
        return name.StartsWith("key", StringComparison.OrdinalIgnoreCase)
            && ushort.TryParse(name[3..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static void AppendValue(StringBuilder text, int key, ReadOnlySpan<byte> value)
    {
        var reader = new DnsDataReader(value, 0, value.Length);
        switch (key)
        {
            case Mandatory when value.Length % 2 == 0:
                for (var separator = ""; reader.TryReadUInt16(out var other); separator = ",")
                    text.Append(separator).Append(NameOf(other));
                break;
            case Alpn when IsAlpn(value):
                text.Append('"');
                for (var separator = ""; reader.TryReadText(out var protocol); separator = ",")
                {
                    text.Append(separator);
                    AppendListed(text, protocol);
                }
                text.Append('"');
                break;
            case Port when value.Length == 2:
                reader.TryReadUInt16(out var port);
                text.Append(port);
                break;
            case IPv4Hint or IPv6Hint when value.Length % (key == IPv4Hint ? 4 : 16) == 0:
                for (var separator = ""; reader.TryReadBytes(key == IPv4Hint ? 4 : 16, out var address); separator = ",")
                    text.Append(separator).Append(IpAddress.FromBytes(address).ToString());
                break;
            case Ech:
                text.Append(Convert.ToBase64String(value));
                break;
            default:
                DnsFieldText.AppendQuoted(text, value);
                break;
        }
    }

    private static bool IsAlpn(ReadOnlySpan<byte> value)
    {
        var reader = new DnsDataReader(value, 0, value.Length);
        while (reader.TryReadText(out _))
        {
        }
        return reader.IsAtEnd;
    }

    // RFC 9460 appendix A.1: a comma or backslash of an item is escaped for the list, and the backslash once more for the string.
    private static void AppendListed(StringBuilder text, ReadOnlySpan<byte> item)
    {
        var escaped = new List<byte>(item.Length);
        foreach (var value in item)
        {
            if (value is (byte)',' or (byte)'\\')
                escaped.Add((byte)'\\');
            escaped.Add(value);
        }
        var quoted = new StringBuilder();
        DnsFieldText.AppendQuoted(quoted, escaped.ToArray());
        text.Append(quoted, 1, quoted.Length - 2);
    }

    private static byte[]? ParseValue(int key, string text)
    {
        var bytes = new List<byte>();
        switch (key)
        {
            case Mandatory:
                foreach (var name in text.Split(','))
                {
                    if (KeyOf(name) is not { } other)
                        return null;
                    DnsFieldText.AddNumber((ulong)other, 2, bytes);
                }
                return [.. bytes];
            case Alpn: return ParseList(text);
            case NoDefaultAlpn: return text.Length == 0 ? [] : null;
            case Port:
                if (!ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
                    return null;
                DnsFieldText.AddNumber(port, 2, bytes);
                return [.. bytes];
            case IPv4Hint or IPv6Hint:
                Span<byte> raw = stackalloc byte[16];
                foreach (var one in text.Split(','))
                {
                    if (!IpAddress.TryParse(one.AsSpan(), out var address) || address.IsV4 != (key == IPv4Hint))
                        return null;
                    address.TryWriteBytes(raw, out var size);
                    bytes.AddRange(raw[..size]);
                }
                return [.. bytes];
            case Ech:
                var decoded = new byte[text.Length];
                return Convert.TryFromBase64String(text, decoded, out var written) ? decoded[..written] : null;
            default: return DnsFieldText.Unescape(text);
        }
    }

    private static byte[]? ParseList(string text)
    {
        if (DnsFieldText.Unescape(text) is not { } plain)
            return null;
        var bytes = new List<byte>();
        var item = new List<byte>();
        for (var i = 0; i <= plain.Length; i++)
        {
            if (i == plain.Length || plain[i] == ',')
            {
                if (item.Count is 0 or > 255)
                    return null;
                bytes.Add((byte)item.Count);
                bytes.AddRange(item);
                item.Clear();
            }
            else
            {
                if (plain[i] == '\\' && ++i == plain.Length)
                    return null;
                item.Add(plain[i]);
            }
        }
        return [.. bytes];
    }
}
