using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gatehouse.Web;

/// <summary>What a parameter of a route must be for the route to match; a path that does not meet it is looked for among the other routes.</summary>
internal sealed class RouteConstraint
{
    private const string Known = "int, long, decimal, double, bool, guid, date, alpha, min(N), max(N), range(N,M), length(N) or length(N,M), minlength(N), maxlength(N), regex(...)";
    private static readonly TimeSpan RegexTime = TimeSpan.FromMilliseconds(100);

    private readonly Check _check;

    private RouteConstraint(string text, Check check)
    {
        Text = text;
        _check = check;
    }

    private delegate bool Check(ReadOnlySpan<byte> value);

    /// <summary>The constraint as written.</summary>
    public string Text { get; }

    /// <summary>True when the value of a segment meets it.</summary>
    public bool IsMet(ReadOnlySpan<byte> value) => _check(value);

    /// <summary>Reads one constraint.</summary>
    /// <exception cref="FormatException">There is none of that name, or it has the wrong arguments.</exception>
    public static RouteConstraint Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var name = open < 0 ? text : text[..open];
        var argument = open >= 0 && text.EndsWith(')') ? text[(open + 1)..^1] : open < 0 ? null : throw new FormatException($"'{text}' lacks a closing parenthesis");
        return new RouteConstraint(text, (name, argument) switch
        {
            ("int", null) => static value => IsWhole(value, out var number) && number is >= int.MinValue and <= int.MaxValue,
            ("long", null) => static value => IsWhole(value, out _),
            ("decimal", null) => static value => Utf8Parser.TryParse(value, out decimal _, out var used) && used == value.Length,
            ("double", null) => static value => Utf8Parser.TryParse(value, out double number, out var used) && used == value.Length && double.IsFinite(number),
            ("bool", null) => static value => Ascii.EqualsIgnoreCase(value, "true"u8) || Ascii.EqualsIgnoreCase(value, "false"u8),
            ("guid", null) => static value => Utf8Parser.TryParse(value, out Guid _, out var used) && used == value.Length,
            ("date", null) => static value => value.Length == 10 && DateOnly.TryParseExact(Encoding.UTF8.GetString(value), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            ("alpha", null) => static value => !value.IsEmpty && !value.ContainsAnyExcept(Letters),
            ("min", { } bound) => Min(Number(text, bound)),
            ("max", { } bound) => Max(Number(text, bound)),
            ("range", { } bounds) => Range(text, bounds),
            ("length", { } bounds) => Length(text, bounds),
            ("minlength", { } bound) => Length(Number(text, bound), long.MaxValue),
            ("maxlength", { } bound) => Length(0, Number(text, bound)),
            ("regex", { } pattern) => Regex(text, pattern),
            _ => throw new FormatException($"'{text}' is no constraint; expected {Known}"),
        });
    }

    private static readonly System.Buffers.SearchValues<byte> Letters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // Neither a plus sign nor white space: a number has one spelling in a path, so that two URLs are not one page.
    private static bool IsWhole(ReadOnlySpan<byte> value, out long number)
    {
        number = 0;
        return value is not [(byte)'+', ..] && Utf8Parser.TryParse(value, out number, out var used) && used == value.Length;
    }

    private static Check Min(long min) => value => IsWhole(value, out var number) && number >= min;

    private static Check Max(long max) => value => IsWhole(value, out var number) && number <= max;

    private static Check Range(string text, string bounds)
    {
        var (min, max) = Pair(text, bounds);
        return value => IsWhole(value, out var number) && number >= min && number <= max;
    }

    private static Check Length(string text, string bounds)
    {
        var (min, max) = bounds.Contains(',', StringComparison.Ordinal) ? Pair(text, bounds) : (Number(text, bounds), Number(text, bounds));
        return Length(min, max);
    }

    private static Check Length(long min, long max) => value =>
    {
        var length = Encoding.UTF8.GetCharCount(value);
        return length >= min && length <= max;
    };

    private static Check Regex(string text, string pattern)
    {
        try
        {
            var regex = new Regex($"^(?:{pattern})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, RegexTime);
            return value => regex.IsMatch(Encoding.UTF8.GetString(value));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"'{text}': {exception.Message}", exception);
        }
    }

    private static (long Min, long Max) Pair(string text, string bounds)
    {
        var comma = bounds.IndexOf(',', StringComparison.Ordinal);
        return comma < 0
            ? throw new FormatException($"'{text}': expected two numbers with a comma between them")
            : (Number(text, bounds[..comma]), Number(text, bounds[(comma + 1)..]));
    }

    private static long Number(string text, string argument) => long.TryParse(argument, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException($"'{text}': '{argument}' is no whole number");
}
