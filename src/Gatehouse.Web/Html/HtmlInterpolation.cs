using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gatehouse.Web;

/// <summary>What the compiler makes of an interpolated string for <see cref="Html"/>: literals as they are, values escaped for where they stand.</summary>
[InterpolatedStringHandler]
public struct HtmlInterpolation
{
    private const int RetainedChars = 32 * 1024;

    [ThreadStatic]
    private static StringBuilder? _spare;

    private readonly StringBuilder _markup;
    private HtmlScanner _scanner;

    /// <summary>Begins.</summary>
    public HtmlInterpolation(int literalLength, int formattedCount)
    {
        _markup = _spare ?? new StringBuilder(literalLength + (formattedCount * 16));
        _spare = null;
    }

    /// <summary>Adds markup that the program wrote.</summary>
    public void AppendLiteral(string literal)
    {
        ArgumentNullException.ThrowIfNull(literal);
        _scanner.Feed(literal);
        _markup.Append(literal);
    }

    /// <summary>Adds a value.</summary>
    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    /// <summary>Adds a value with a format, by the invariant culture.</summary>
    public void AppendFormatted<T>(T value, string? format)
    {
        switch (value)
        {
            case Html html:
                AppendFormatted(html);
                break;
            case IEnumerable<Html> parts:
                foreach (var part in parts)
                    AppendFormatted(part);
                break;
            case HtmlFlag flag:
                AppendFormatted(flag);
                break;
            default:
                AppendText(value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString());
                break;
        }
    }

    /// <summary>Adds text.</summary>
    public void AppendFormatted(string? value) => AppendText(value);

    /// <summary>Adds markup that is safe already.</summary>
    /// <exception cref="HtmlException">It stands inside of a tag.</exception>
    public void AppendFormatted(Html value)
    {
        if (_scanner.Place == HtmlPlace.Text)
            _markup.Append(value.ToString());
        else if (_scanner.Place is HtmlPlace.DoubleQuoted or HtmlPlace.SingleQuoted)
            throw Refused("markup in an attribute; expected text");
        else
            throw Refused("markup");
    }

    /// <summary>Adds an attribute that is there or not.</summary>
    /// <exception cref="HtmlException">It does not stand inside of a tag, behind white space.</exception>
    public void AppendFormatted(HtmlFlag value)
    {
        if (_scanner.Place is not (HtmlPlace.Tag or HtmlPlace.AfterAttributeName) || _markup.Length == 0 || !char.IsWhiteSpace(_markup[^1]))
            throw Refused("an attribute");
        _markup.Append(value.Name);
    }

    internal Html Finish()
    {
        if (_scanner.Place is not HtmlPlace.Text)
            throw new HtmlException($"the markup does not end the <{_scanner.Tag}> or comment that it began");
        var html = new Html(_markup.ToString());
        _markup.Clear();
        if (_markup.Capacity <= RetainedChars)
            _spare = _markup;
        return html;
    }

    private void AppendText(string? value)
    {
        value ??= "";
        switch (_scanner.Place)
        {
            case HtmlPlace.Text:
                _markup.Append(HtmlEscaping.Text(value));
                break;
            case HtmlPlace.DoubleQuoted or HtmlPlace.SingleQuoted when _scanner.IsCode:
                throw Refused($"a value in the attribute {_scanner.Attribute}, which is code");
            case HtmlPlace.DoubleQuoted or HtmlPlace.SingleQuoted:
                _markup.Append(_scanner.IsUrl ? UrlOf(value) : HtmlEscaping.Text(value));
                _scanner.PassValue();
                break;
            case HtmlPlace.BeforeValue or HtmlPlace.Unquoted:
                throw Refused("a value without quotes; write the attribute's value in quotes");
            default:
                throw Refused("a value");
        }
    }

    // A value that begins a URL may choose where it leads, as far as that is harmless; behind the program's own beginning it is one part of a path or query.
    private readonly string UrlOf(string value)
    {
        if (_scanner.ValueSoFar.Length == 0)
            return HtmlEscaping.Url(value);
        if (!HtmlEscaping.IsHarmless(_scanner.ValueSoFar))
            throw Refused($"a value in a URL that begins with '{_scanner.ValueSoFar}', which is code");
        return HtmlEscaping.UrlPart(value);
    }

    private readonly HtmlException Refused(string what)
    {
        var before = _markup.ToString(Math.Max(0, _markup.Length - 40), Math.Min(40, _markup.Length));
        return new HtmlException($"found {what} behind '{before}', where nothing can be made safe");
    }
}
