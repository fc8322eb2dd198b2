using System.Diagnostics.CodeAnalysis;
using System.Text;
using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Routing;

/// <summary>
/// Which paths a route is for, matched against the decoded, normalised path: <c>/ping</c> that path alone; <c>/x/*</c> /x/ and all below it, and /x, which
/// needs the slash; <c>/*</c> everything; <c>*.php</c> a path with a segment that ends so, the first of which is the script and the rest PATH_INFO.
/// </summary>
public sealed class PathPattern : ISettingValue<PathPattern>, IEquatable<PathPattern>
{
    private enum Form
    {
        Exact,
        Folder,
        Suffix,
    }

    private readonly string _text;
    private readonly Form _form;

    // /ping whole; /x/ of /x/*; .php of *.php
    private readonly byte[] _fixed;

    private PathPattern(string text, Form form, ReadOnlySpan<char> fixedPart)
    {
        _text = text;
        _form = form;
        _fixed = new byte[Encoding.UTF8.GetByteCount(fixedPart)];
        Encoding.UTF8.GetBytes(fixedPart, _fixed);
    }

    /// <summary>The pattern of every path, <c>/*</c>.</summary>
    public static PathPattern All { get; } = new("/*", Form.Folder, "/");

    /// <inheritdoc/>
    public static string Expected => "a path like /ping, a folder like /x/*, an ending like *.php, or /* for all";

    /// <inheritdoc/>
    public static string Pattern => @"^(/[^*?#]*\*?|\*[^*/?#]+)$";

    /// <summary>True for a pattern without *, which one path matches.</summary>
    public bool IsExact => _form == Form.Exact;

    /// <summary>
    /// The folder that a strip of the pattern removes: <c>/x</c> of <c>/x/*</c>; empty where there is none.
    /// </summary>
    public string Prefix => _form == Form.Folder ? _text[..^2] : "";

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException"><paramref name="text"/> is not a pattern; the message says why.</exception>
    public static PathPattern Parse(string text) => TryParse(text, out var pattern, out var fault) ? pattern : throw new FormatException(fault);

    /// <summary>Reads a pattern, written as people read paths: decoded, so that a percent-encoded byte would never match and is refused.</summary>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out PathPattern value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = null;
        fault = FindFault(text);
        if (fault is not null)
            return false;
        value = text switch
        {
            ['*', .. var suffix] => new PathPattern(text, Form.Suffix, suffix),
            [.. var folder, '*'] => new PathPattern(text, Form.Folder, folder),
            _ => new PathPattern(text, Form.Exact, text),
        };
        return true;
    }

    /// <summary>Matches a path that is decoded and has no empty or dot segments. Linear in its length; allocates nothing.</summary>
    public PathMatch Match(ReadOnlySpan<byte> path) => _form switch
    {
        Form.Exact => path.SequenceEqual(_fixed) ? new PathMatch(PathMatchKind.Match, 0, path.Length, 0, path.Length) : default,
        Form.Folder => MatchFolder(path),
        _ => MatchSuffix(path),
    };

    /// <inheritdoc/>
    public bool Equals(PathPattern? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PathPattern);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The pattern as written.</summary>
    public override string ToString() => _text;

    private PathMatch MatchFolder(ReadOnlySpan<byte> path)
    {
        var folder = _fixed.AsSpan();
        if (path.StartsWith(folder))
            return new PathMatch(PathMatchKind.Match, folder.Length - 1, folder.Length, path.Length - folder.Length, path.Length);
        return folder.Length > 1 && path.SequenceEqual(folder[..^1])
            ? new PathMatch(PathMatchKind.NeedsSlash, path.Length, path.Length, 0, path.Length)
            : default;
    }

    private PathMatch MatchSuffix(ReadOnlySpan<byte> path)
    {
        if (path is not [(byte)'/', ..])
            return default;
        var suffix = _fixed.AsSpan();
        for (var from = 1; path[from..].IndexOf(suffix) is var found and >= 0; from += found + 1)
        {
            var end = from + found + suffix.Length;
            if (end == path.Length || path[end] == '/')
                return new PathMatch(PathMatchKind.Match, 0, 1, from + found - 1, end);
        }
        return default;
    }

    private static string? FindFault(string text)
    {
        if (text is not ['/' or '*', ..])
            return $"found '{text}', expected {Expected}";
        if (text.Contains('*') && !IsStarInPlace(text))
            return $"found '{text}', where * is neither a whole last segment nor the beginning of an ending; expected {Expected}";
        if (text.AsSpan().ContainsAny('?', '#'))
            return $"found '{text}', which holds a ? or #; expected a path alone, and the query under the key 'query'";
        if (HasEscape(text))
            return $"found '{text}', expected a decoded path: the byte itself in the place of its percent-encoding";
        if (text.Contains('\0') || text.Contains("//", StringComparison.Ordinal) || text.Split('/').Any(segment => segment is "." or ".."))
            return $"found '{text}', which matches no path: paths are matched without empty and dot segments";
        return null;
    }

    /// <summary>True when the one * is the last segment, or begins an ending that holds no slash.</summary>
    private static bool IsStarInPlace(string text) => text switch
    {
        ['*', _, ..] => !text.AsSpan(1).ContainsAny('*', '/'),
        _ => text.IndexOf('*') == text.Length - 1 && text.EndsWith("/*", StringComparison.Ordinal),
    };

    private static bool HasEscape(string text)
    {
        for (var i = 0; i + 2 < text.Length; i++)
        {
            if (text[i] == '%' && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
                return true;
        }
        return false;
    }
}
