using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using Gatehouse.Load.Results;

namespace Gatehouse.Load.Report;

/// <summary>What must hold of a run: <c>p99&lt;20ms</c>, <c>errors==0</c>, <c>rps&gt;=1000</c>, <c>error-rate&lt;1%</c>.</summary>
public sealed partial class Assertion
{
    private readonly string _text;
    private readonly string _what;
    private readonly string _operator;
    private readonly double _bound;

    private Assertion(string text, string what, string @operator, double bound) => (_text, _what, _operator, _bound) = (text, what, @operator, bound);

    /// <summary>Reads one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Assertion? assertion, [NotNullWhen(false)] out string? fault)
    {
        assertion = null;
        fault = null;
        var match = Form().Match(text);
        if (!match.Success || !double.TryParse(match.Groups["value"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var bound))
        {
            fault = $"found '{text}', expected p50, p99.9, min, mean, max, rps, errors or error-rate, one of < <= > >= ==, and a number with us, ms, s or %";
            return false;
        }
        var what = match.Groups["what"].Value;
        var unit = match.Groups["unit"].Value;
        var expected = what is "rps" or "errors" ? "" : what == "error-rate" ? "%" : "time";
        if (expected == "time" ? unit is not ("us" or "ms" or "s") : unit != expected)
        {
            fault = $"found '{text}': {what} is {(expected == "time" ? "a time in us, ms or s" : expected == "%" ? "a part in %" : "a plain number")}";
            return false;
        }
        if (what[0] == 'p' && !(double.Parse(what.AsSpan(1), CultureInfo.InvariantCulture) is >= 0 and <= 100))
        {
            fault = $"found '{text}', expected a percentile from p0 to p100";
            return false;
        }
        assertion = new Assertion(text, what, match.Groups["operator"].Value, bound * (unit switch { "ms" => 1e3, "s" => 1e6, _ => 1 }));
        return true;
    }

    /// <summary>Null when it holds; else what was expected and found.</summary>
    public string? Check(LoadResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var value = _what switch
        {
            "rps" => result.Rate,
            "errors" => result.Failures,
            "error-rate" => result.Requests + result.Failures == 0 ? 0 : 100.0 * result.Failures / (result.Requests + result.Failures),
            "min" => result.Latency.Min,
            "mean" => result.Latency.Mean,
            "max" => result.Latency.Max,
            _ => result.Latency.At(double.Parse(_what.AsSpan(1), CultureInfo.InvariantCulture)),
        };
        var holds = _operator switch
        {
            "<" => value < _bound,
            "<=" => value <= _bound,
            ">" => value > _bound,
            ">=" => value >= _bound,
            _ => value == _bound,
        };
        return holds ? null : $"expected {_text}, found {Shown(value)}";
    }

    private string Shown(double value) => _what is "rps" or "errors"
        ? value.ToString("0.##", CultureInfo.InvariantCulture)
        : _what == "error-rate" ? value.ToString("0.##", CultureInfo.InvariantCulture) + "%" : ResultText.Time(value);

    [GeneratedRegex(@"^\s*(?<what>p[0-9]{1,3}(\.[0-9]+)?|min|mean|max|rps|errors|error-rate)\s*(?<operator><=|>=|==|<|>)\s*(?<value>[0-9]+(\.[0-9]+)?)\s*(?<unit>us|ms|s|%|)\s*$")]
    private static partial Regex Form();
}
