using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gatehouse.Http.Urls.Idna;

/// <summary>Punycode with the parameters of RFC 3492 section 5, without the prefix <c>xn--</c>.</summary>
internal static class Punycode
{
    /// <summary>
    /// The longest label that is converted. Both directions are quadratic in the length; the name service ends at 63 bytes, the URL standard has no bound of
    /// its own.
    /// </summary>
    public const int MaxLength = 1024;

    private const int Base = 36;
    private const int MinThreshold = 1;
    private const int MaxThreshold = 26;
    private const int Skew = 38;
    private const int Damp = 700;
    private const int InitialBias = 72;
    private const int InitialPoint = 0x80;

    /// <summary>Encodes a label; null when it is longer than <see cref="MaxLength"/>.</summary>
    public static string? Encode(string label)
    {
        if (label.Length > MaxLength)
            return null;
        var points = label.EnumerateRunes().Select(rune => rune.Value).ToArray();
        var output = new StringBuilder();
        foreach (var point in points.Where(point => point < InitialPoint))
            output.Append((char)point);
        var (handled, basic) = (output.Length, output.Length);
        if (basic > 0)
            output.Append('-');
        var (next, delta, bias) = (InitialPoint, 0, InitialBias);
        while (handled < points.Length)
        {
            // MaxLength code points below 0x110000 keep delta below 2^31.
            var lowest = points.Where(point => point >= next).Min();
            delta += (lowest - next) * (handled + 1);
            next = lowest;
            foreach (var point in points)
            {
                if (point < next)
                    delta++;
                if (point != next)
                    continue;
                AppendNumber(output, delta, bias);
                bias = Adapt(delta, handled + 1, isFirst: handled == basic);
                delta = 0;
                handled++;
            }
            delta++;
            next++;
        }
        return output.ToString();
    }

    /// <summary>Decodes what follows the prefix; false when it is malformed, names no code point, or is longer than <see cref="MaxLength"/>.</summary>
    public static bool TryDecode(string text, [NotNullWhen(true)] out string? label)
    {
        label = null;
        if (text.Length > MaxLength)
            return false;
        var delimiter = text.LastIndexOf('-');
        var output = new List<int>(delimiter > 0 ? text[..delimiter].Select(character => (int)character) : []);
        var (next, index, bias) = (InitialPoint, 0, InitialBias);
        for (var at = delimiter > 0 ? delimiter + 1 : 0; at < text.Length;)
        {
            var before = index;
            if (!TryReadNumber(text, ref at, bias, ref index))
                return false;
            var length = output.Count + 1;
            bias = Adapt(index - before, length, isFirst: before == 0);
            next += index / length;
            index %= length;
            if (!Rune.IsValid(next))
                return false;
            output.Insert(index++, next);
        }
        var result = new StringBuilder();
        foreach (var point in output)
            result.Append(new Rune(point).ToString());
        label = result.ToString();
        return true;
    }

    private static bool TryReadNumber(string text, ref int at, int bias, ref int index)
    {
        long weight = 1;
        for (var position = Base; ; position += Base)
        {
            if (at == text.Length)
                return false;
            var digit = text[at++] switch
            {
                >= 'a' and <= 'z' and var letter => letter - 'a',
                >= 'A' and <= 'Z' and var letter => letter - 'A',
                >= '0' and <= '9' and var number => number - '0' + 26,
                _ => Base,
            };
            var sum = index + (digit * weight);
            if (digit == Base || sum > int.MaxValue)
                return false;
            index = (int)sum;
            var threshold = Threshold(position, bias);
            if (digit < threshold)
                return true;
            weight *= Base - threshold;
            if (weight > int.MaxValue)
                return false;
        }
    }

    private static void AppendNumber(StringBuilder output, int number, int bias)
    {
        for (var position = Base; ; position += Base)
        {
            var threshold = Threshold(position, bias);
            if (number < threshold)
                break;
            output.Append(Digit(threshold + ((number - threshold) % (Base - threshold))));
            number = (number - threshold) / (Base - threshold);
        }
        output.Append(Digit(number));
    }

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int Threshold(int position, int bias) => Math.Clamp(position - bias, MinThreshold, MaxThreshold);

    private static int Adapt(int delta, int points, bool isFirst)
    {
        delta = isFirst ? delta / Damp : delta / 2;
        delta += delta / points;
        var position = 0;
        for (; delta > (Base - MinThreshold) * MaxThreshold / 2; position += Base)
            delta /= Base - MinThreshold;
        return position + ((Base - MinThreshold + 1) * delta / (delta + Skew));
    }
}
