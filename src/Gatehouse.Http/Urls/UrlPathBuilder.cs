namespace Gatehouse.Http.Urls;

/// <summary>The segments of a URL's path while it is parsed: "path state" of the WHATWG URL standard.</summary>
internal sealed class UrlPathBuilder
{
    private readonly List<string> _segments = [];

    /// <summary>Appends what stands behind a leading slash, resolving dot segments in each spelling.</summary>
    public void Append(string text, string scheme)
    {
        var isSpecial = UrlScheme.IsSpecial(scheme);
        for (var start = 0; start <= text.Length;)
        {
            var length = isSpecial ? text.AsSpan(start).IndexOfAny('/', '\\') : text.AsSpan(start).IndexOf('/');
            var isLast = length < 0;
            var end = isLast ? text.Length : start + length;
            AppendSegment(text[start..end], isLast, scheme);
            start = end + 1;
        }
    }

    /// <summary>Appends the segments of a path that is parsed already.</summary>
    public void AppendSegmentsOf(string path)
    {
        if (path.Length > 0)
            _segments.AddRange(path[1..].Split('/'));
    }

    /// <summary>Appends the Windows drive letter that <paramref name="path"/> begins with, if it does.</summary>
    public void AppendDriveOf(string path)
    {
        if (path.Length >= 3 && WindowsDrive.IsNormalized(path.AsSpan(1, 2)) && (path.Length == 3 || path[3] == '/'))
            _segments.Add(path[1..3]);
    }

    /// <summary>Takes the last segment off; a lone drive letter stays.</summary>
    public void Shorten(string scheme)
    {
        if (_segments.Count == 0 || (scheme == "file" && _segments.Count == 1 && WindowsDrive.IsNormalized(_segments[0])))
            return;
        _segments.RemoveAt(_segments.Count - 1);
    }

    /// <summary>Each segment behind a slash.</summary>
    public override string ToString() => string.Concat(_segments.Select(segment => $"/{segment}"));

    private void AppendSegment(string text, bool isLast, string scheme)
    {
        if (IsDots(text, 2))
        {
            Shorten(scheme);
            if (isLast)
                _segments.Add("");
        }
        else if (IsDots(text, 1))
        {
            if (isLast)
                _segments.Add("");
        }
        else
        {
            var isDrive = scheme == "file" && _segments.Count == 0 && WindowsDrive.Is(text);
            _segments.Add(isDrive ? $"{text[0]}:" : UrlText.Encode(text, PercentEncodeSet.Path));
        }
    }

    // A single-dot segment is "." or "%2e", a double-dot segment two of them.
    private static bool IsDots(ReadOnlySpan<char> text, int count)
    {
        for (; count > 0; count--)
        {
            var length = text.StartsWith(".") ? 1 : text.StartsWith("%2e", StringComparison.OrdinalIgnoreCase) ? 3 : 0;
            if (length == 0)
                return false;
            text = text[length..];
        }
        return text.IsEmpty;
    }
}
