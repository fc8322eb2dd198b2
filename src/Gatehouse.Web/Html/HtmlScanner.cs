namespace Gatehouse.Web;

/// <summary>What stands around a place in markup.</summary>
internal enum HtmlPlace
{
    Text,
    RawText,
    Tag,
    TagName,
    AttributeName,
    AfterAttributeName,
    BeforeValue,
    DoubleQuoted,
    SingleQuoted,
    Unquoted,
    Comment,
    Declaration,
}

/// <summary>
/// Follows the literals of a piece of markup, as far as is needed to know what a value between them would be: the tokenizer of HTML (section 13.2.5) without
/// what only malformed markup needs.
/// </summary>
internal struct HtmlScanner
{
    private static readonly string[] UrlAttributes =
        ["href", "src", "action", "formaction", "poster", "cite", "data", "background", "ping", "xlink:href", "manifest", "longdesc"];

    // Attributes whose values are code, markup, or a grammar of their own.
    private static readonly string[] CodeAttributes = ["style", "srcdoc", "srcset", "http-equiv", "imagesrcset"];

    private int _nameStart;
    private string _tag;
    private string _attribute;
    private string _pending;
    private bool _isEndTag;

    /// <summary>Where the scanner is.</summary>
    public HtmlPlace Place { get; private set; }

    /// <summary>The tag, in lower case.</summary>
    public readonly string Tag => _tag ?? "";

    /// <summary>The attribute whose value this is, in lower case.</summary>
    public readonly string Attribute => _attribute ?? "";

    /// <summary>The attribute's value so far, as the program wrote it; a value in between counts as one character.</summary>
    public string ValueSoFar { get; private set; }

    public readonly bool IsUrl => Array.IndexOf(UrlAttributes, Attribute) >= 0;

    public readonly bool IsCode => Attribute.StartsWith("on", StringComparison.Ordinal) || Array.IndexOf(CodeAttributes, Attribute) >= 0;

    /// <summary>A value was put here.</summary>
    public void PassValue()
    {
        if (Place is HtmlPlace.DoubleQuoted or HtmlPlace.SingleQuoted)
            ValueSoFar += "\uFFFC";
    }

    /// <summary>Goes over a literal.</summary>
    public void Feed(string literal)
    {
        _tag ??= "";
        _attribute ??= "";
        _pending ??= "";
        ValueSoFar ??= "";
        for (var i = 0; i < literal.Length; i++)
            Feed(literal, ref i);
        // Names may not be cut by a value: what is unfinished here is refused there.
        if (Place is HtmlPlace.TagName or HtmlPlace.AttributeName)
            _pending += literal[Math.Min(_nameStart, literal.Length)..];
        _nameStart = 0;
    }

    private void Feed(string literal, ref int i)
    {
        var c = literal[i];
        switch (Place)
        {
            case HtmlPlace.Text:
                if (c == '<')
                    OpenTag(literal, ref i);
                break;
            case HtmlPlace.RawText:
                if (c == '<' && literal.AsSpan(i).StartsWith($"</{_tag}", StringComparison.OrdinalIgnoreCase))
                    OpenTag(literal, ref i);
                break;
            case HtmlPlace.Comment:
                if (c == '>' && i >= 2 && literal[i - 1] == '-' && literal[i - 2] == '-')
                    Place = HtmlPlace.Text;
                break;
            case HtmlPlace.Declaration:
                if (c == '>')
                    Place = HtmlPlace.Text;
                break;
            case HtmlPlace.TagName:
                if (c is '>' or '/' || char.IsWhiteSpace(c))
                {
                    _tag = (_pending + literal[_nameStart..i]).ToLowerInvariant();
                    _pending = "";
                    Place = HtmlPlace.Tag;
                    if (c == '>')
                        CloseTag();
                }
                break;
            case HtmlPlace.Tag or HtmlPlace.AfterAttributeName:
                InTag(c, i);
                break;
            case HtmlPlace.AttributeName:
                if (c is '=' or '>' or '/' || char.IsWhiteSpace(c))
                {
                    _attribute = (_pending + literal[_nameStart..i]).ToLowerInvariant();
                    _pending = "";
                    Place = HtmlPlace.AfterAttributeName;
                    InTag(c, i);
                }
                break;
            case HtmlPlace.BeforeValue:
                BeforeValue(c);
                break;
            case HtmlPlace.DoubleQuoted or HtmlPlace.SingleQuoted:
                if (c == (Place == HtmlPlace.DoubleQuoted ? '"' : '\''))
                    Place = HtmlPlace.Tag;
                else
                    ValueSoFar += c;
                break;
            case HtmlPlace.Unquoted:
                if (char.IsWhiteSpace(c))
                    Place = HtmlPlace.Tag;
                else if (c == '>')
                    CloseTag();
                break;
        }
    }

    private void OpenTag(string literal, ref int i)
    {
        var rest = literal.AsSpan(i + 1);
        if (rest.StartsWith("!--", StringComparison.Ordinal))
        {
            Place = HtmlPlace.Comment;
            i += 3;
        }
        else if (rest is ['!' or '?', ..])
        {
            Place = HtmlPlace.Declaration;
        }
        else if (rest.IsEmpty || char.IsAsciiLetter(rest[0]) || rest[0] == '/')
        {
            _isEndTag = rest is ['/', ..];
            i += _isEndTag ? 1 : 0;
            _nameStart = i + 1;
            Place = HtmlPlace.TagName;
        }
    }

    private void InTag(char c, int i)
    {
        if (c == '>')
        {
            CloseTag();
        }
        else if (c == '=' && Place == HtmlPlace.AfterAttributeName)
        {
            Place = HtmlPlace.BeforeValue;
        }
        else if (c != '/' && !char.IsWhiteSpace(c))
        {
            Place = HtmlPlace.AttributeName;
            _nameStart = i;
        }
    }

    private void BeforeValue(char c)
    {
        ValueSoFar = "";
        if (c == '"')
            Place = HtmlPlace.DoubleQuoted;
        else if (c == '\'')
            Place = HtmlPlace.SingleQuoted;
        else if (c == '>')
            CloseTag();
        else if (!char.IsWhiteSpace(c))
            Place = HtmlPlace.Unquoted;
    }

    private void CloseTag() =>
        Place = !_isEndTag && _tag is ("script" or "style" or "iframe" or "noembed" or "noframes" or "xmp" or "plaintext") ? HtmlPlace.RawText : HtmlPlace.Text;
}
