using System.Globalization;
using System.Text;
using Gatehouse.Protocols.Dns.Data;

namespace Gatehouse.Protocols.Dns.Text;

/// <summary>LOC records in presentation format (RFC 1876 section 3): degrees, minutes and seconds, then metres.</summary>
internal static class DnsLocationText
{
    // Latitude and longitude are thousandths of a second of arc, from 2^31 at the equator and the prime meridian; altitude centimetres from 100 km below.
    private const uint Middle = 1u << 31;
    private const long AltitudeBase = 10_000_000;

    internal static void Append(StringBuilder text, ref DnsDataReader data)
    {
        data.TryReadByte(out _);
        data.TryReadByte(out var size);
        data.TryReadByte(out var horizontal);
        data.TryReadByte(out var vertical);
        data.TryReadUInt32(out var latitude);
        data.TryReadUInt32(out var longitude);
        data.TryReadUInt32(out var altitude);
        AppendAngle(text, latitude, 'N', 'S');
        AppendAngle(text, longitude, 'E', 'W');
        text.Append(CultureInfo.InvariantCulture, $"{(altitude - AltitudeBase) / 100m:0.00}m {Metres(size)}m {Metres(horizontal)}m {Metres(vertical)}m");
    }

    internal static string? Parse(ref DnsWords words, List<byte> bytes)
    {
        if (ParseAngle(ref words, 'N', 'S', 90) is not { } latitude)
            return "found no latitude like 52 14 5.000 N";
        if (ParseAngle(ref words, 'E', 'W', 180) is not { } longitude)
            return "found no longitude like 0 8 50.000 E";
        if (!words.TryNext(out var word) || !TryMetres(word, out var altitude) || altitude is < -100_000 or > 42_849_672.95m)
            return "found no altitude like 10m";
        // The defaults of RFC 1876 section 3: 1 m, 10 km, 10 m.
        Span<byte> precisions = [0x12, 0x16, 0x13];
        for (var i = 0; i < 3 && words.TryNext(out word); i++)
        {
            if (!TryMetres(word, out var metres) || metres is < 0 or > 90_000_000)
                return $"found '{word}' where a size in metres belongs";
            precisions[i] = Precision((long)(metres * 100));
        }
        bytes.Add(0);
        bytes.AddRange(precisions);
        DnsFieldText.AddNumber(latitude, 4, bytes);
        DnsFieldText.AddNumber(longitude, 4, bytes);
        DnsFieldText.AddNumber((ulong)((long)(altitude * 100) + AltitudeBase), 4, bytes);
        return null;
    }

    private static void AppendAngle(StringBuilder text, uint value, char positive, char negative)
    {
        var arc = Math.Abs((long)value - Middle);
        text.Append(CultureInfo.InvariantCulture, $"{arc / 3_600_000} {arc / 60_000 % 60} {arc % 60_000 / 1000m:0.000} {(value >= Middle ? positive : negative)} ");
    }

    private static uint? ParseAngle(ref DnsWords words, char positive, char negative, int limit)
    {
        Span<decimal> parts = [0, 0, 0];
        for (var i = 0; i < 4 && words.TryNext(out var word); i++)
        {
            if (word.Length == 1 && char.ToUpperInvariant(word[0]) is var sign && (sign == positive || sign == negative))
            {
                var arc = (parts[0] * 3_600_000) + (parts[1] * 60_000) + (parts[2] * 1000);
                return i == 0 || arc > limit * 3_600_000m ? null : (uint)(Middle + (sign == positive ? (long)arc : -(long)arc));
            }
            if (i == 3 || !decimal.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out parts[i]) || parts[i] >= (i == 0 ? 181 : 60))
                return null;
        }
        return null;
    }

    private static bool TryMetres(ReadOnlySpan<char> word, out decimal metres) =>
        decimal.TryParse(word.TrimEnd('m'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out metres);

    // A digit in the upper four bits times ten to the power of the lower four, in centimetres.
    private static string Metres(byte precision)
    {
        var centimetres = (decimal)(precision >> 4);
        for (var i = 0; i < (precision & 0xF); i++)
            centimetres *= 10;
        return (centimetres / 100).ToString("0.##", CultureInfo.InvariantCulture);
    }

    private static byte Precision(long centimetres)
    {
        var exponent = 0;
        for (; centimetres > 9; exponent++)
            centimetres /= 10;
        return (byte)((centimetres << 4) | (uint)exponent);
    }
}
