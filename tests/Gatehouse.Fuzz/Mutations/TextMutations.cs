using System.Globalization;
using System.Text;

namespace Gatehouse.Fuzz.Mutations;

/// <summary>Mutations that know lines, numbers and the tokens of the web's text protocols.</summary>
internal static class TextMutations
{
    public static readonly Mutation[] All =
        [DuplicateLine, DeleteLine, SwapLines, ChangeLineEnd, InsertLineEnd, ReplaceNumber, InsertToken, ReplaceWord, FlipCase, PercentEncode];

    private static readonly string[] LineEnds = ["\n", "\r", "\r\r\n", "\n\r", "\r\n\r\n", "\r\n ", "\r\n\t", "\0\r\n", "\x0b", " \r\n", "\u0085"];

    private static readonly string[] Numbers =
    [
        "0", "00", "-0", "-1", "+1", "1e3", "0x10", "1_000", " 1", "127", "128", "255", "256", "32767", "65535", "65536", "2147483647", "2147483648",
        "4294967295", "4294967296",
        "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616", "7fffffffffffffff", "8000000000000000",
        "FFFFFFFFFFFFFFFF", "10000000000000000",
        "99999999999999999999999999", "00000000000000000000001", "\u0661",
    ];

    private static byte[] DuplicateLine(byte[] input, Random random)
    {
        var (start, length) = Line(input, random);
        var (target, _) = Line(input, random);
        return Bytes.Insert(input, target, input.AsSpan(start, length));
    }

    private static byte[] DeleteLine(byte[] input, Random random)
    {
        var (start, length) = Line(input, random);
        return Bytes.Replace(input, start, length, []);
    }

    private static byte[] SwapLines(byte[] input, Random random)
    {
        var (start, length) = Line(input, random);
        var next = start + length;
        if (next >= input.Length) return input;
        var end = LineEnd(input, next);
        return [.. input.AsSpan(0, start), .. input.AsSpan(next, end - next), .. input.AsSpan(start, length), .. input.AsSpan(end)];
    }

    private static byte[] ChangeLineEnd(byte[] input, Random random)
    {
        var (start, length) = Line(input, random);
        var end = start + length;
        if (length == 0 || input[end - 1] != '\n') return InsertLineEnd(input, random);
        var ending = length > 1 && input[end - 2] == '\r' ? 2 : 1;
        return Bytes.Replace(input, end - ending, ending, Encoding.UTF8.GetBytes(Pick(LineEnds, random)));
    }

    private static byte[] InsertLineEnd(byte[] input, Random random) =>
        Bytes.Insert(input, random.Next(input.Length + 1), Encoding.UTF8.GetBytes(random.Next(2) == 0 ? "\r\n" : Pick(LineEnds, random)));

    private static byte[] ReplaceNumber(byte[] input, Random random)
    {
        var (start, length) = Word(input, random, value => char.IsAsciiHexDigit((char)value));
        if (length == 0) return input;
        var found = Encoding.ASCII.GetString(input, start, length);
        var near = long.TryParse(found, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && random.Next(3) == 0;
        var replacement = near ? (unchecked(number + random.Next(-1, 2))).ToString(CultureInfo.InvariantCulture) : Pick(Numbers, random);
        return Bytes.Replace(input, start, length, Encoding.UTF8.GetBytes(replacement));
    }

    private static byte[] InsertToken(byte[] input, Random random) => Bytes.Insert(input, random.Next(input.Length + 1), Pick(Tokens.All, random));

    private static byte[] ReplaceWord(byte[] input, Random random)
    {
        var (start, length) = Word(input, random, value => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'_');
        return Bytes.Replace(input, start, length, Pick(Tokens.All, random));
    }

    private static byte[] FlipCase(byte[] input, Random random)
    {
        var (start, length) = Word(input, random, value => char.IsAsciiLetter((char)value));
        byte[] output = [.. input];
        foreach (ref var value in output.AsSpan(start, length)) value ^= 0x20;
        return output;
    }

    private static byte[] PercentEncode(byte[] input, Random random)
    {
        if (input.Length == 0) return input;
        var at = random.Next(input.Length);
        return Bytes.Replace(input, at, 1, Encoding.ASCII.GetBytes($"%{input[at]:X2}"));
    }

    private static (int Start, int Length) Line(byte[] input, Random random)
    {
        var at = random.Next(input.Length + 1);
        var start = input.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        return (start, LineEnd(input, start) - start);
    }

    private static int LineEnd(byte[] input, int start) => input.AsSpan(start).IndexOf((byte)'\n') is >= 0 and var length ? start + length + 1 : input.Length;

    // The run of matching bytes at, or next behind, a random place.
    private static (int Start, int Length) Word(byte[] input, Random random, Predicate<byte> belongs)
    {
        var start = random.Next(input.Length + 1);
        while (start < input.Length && !belongs(input[start])) start++;
        while (start > 0 && start <= input.Length && belongs(input[start - 1])) start--;
        var end = start;
        while (end < input.Length && belongs(input[end])) end++;
        return (start, end - start);
    }

    private static T Pick<T>(T[] from, Random random) => from[random.Next(from.Length)];
}
