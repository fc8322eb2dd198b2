using System.Globalization;

namespace Gatehouse.Http.Urls;

/// <summary>
/// The basic URL parser of the WHATWG URL standard, section 4.4, by parts: the standard's states ask for a part that ends at the first of some characters,
/// and so do the methods here. No character before the first number sign can start a fragment, none before the first question mark a query.
/// </summary>
internal sealed class UrlParser(string input, Url? baseUrl)
{
    private readonly UrlPathBuilder _path = new();
    private string _scheme = "";
    private string _userName = "";
    private string _password = "";
    private string? _host;
    private int? _port;
    private string? _query;

    /// <summary>What was expected, once <see cref="Parse"/> has returned null.</summary>
    public string Error { get; private set; } = "";

    private bool IsSpecial => UrlScheme.IsSpecial(_scheme);

    /// <summary>The URL, or null.</summary>
    public Url? Parse()
    {
        var rest = Clean(input);
        var scheme = TakeScheme(ref rest);
        var fragment = TakeTail(ref rest, '#');
        if (scheme is null)
        {
            if (baseUrl is null)
                return Fail("a scheme such as 'https:' was expected at its start, since there is no URL that it could be relative to.");
            if (baseUrl.HasOpaquePath)
            {
                return rest.Length == 0 && fragment is not null ? Copy(baseUrl, fragment)
                    : Fail($"nothing but a fragment can be relative to '{baseUrl.Scheme}:'.");
            }
        }
        var query = TakeTail(ref rest, '?');
        var endsInQueryOrFragment = query is not null || fragment is not null;
        _scheme = scheme ?? baseUrl!.Scheme;
        if (!TryHierarchy(rest, hasScheme: scheme is not null, query is not null, out var isOpaque))
            return null;

        // An opaque path keeps its spaces, but for one that would stand before a query or fragment and be lost when these are taken away.
        var path = !isOpaque ? _path.ToString()
            : UrlText.Encode(endsInQueryOrFragment && rest.EndsWith(' ') ? $"{rest[..^1]}%20" : rest, PercentEncodeSet.C0Control);
        if (query is not null)
            _query = UrlText.Encode(query, IsSpecial ? PercentEncodeSet.SpecialQuery : PercentEncodeSet.Query);
        return new Url(_scheme, _userName, _password, _host, _port, path, isOpaque, _query, UrlText.EncodeOrNull(fragment, PercentEncodeSet.Fragment));
    }

    private static Url Copy(Url url, string fragment) => new(url.Scheme, url.UserName, url.Password, url.Host, url.Port, url.Path, url.HasOpaquePath, url.Query,
        UrlText.Encode(fragment, PercentEncodeSet.Fragment));

    // "Remove any leading and trailing C0 control or space" and "remove all ASCII tab or newline".
    private static string Clean(string input)
    {
        var (start, end) = (0, input.Length);
        while (start < end && input[start] <= ' ')
            start++;
        while (end > start && input[end - 1] <= ' ')
            end--;
        var text = input[start..end];
        return text.AsSpan().IndexOfAny('\t', '\n', '\r') < 0 ? text
            : text.Replace("\t", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
    }

    // scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
    private static string? TakeScheme(ref string rest)
    {
        if (rest.Length == 0 || !char.IsAsciiLetter(rest[0]))
            return null;
        var end = 1;
        while (end < rest.Length && (char.IsAsciiLetterOrDigit(rest[end]) || rest[end] is '+' or '-' or '.'))
            end++;
        if (end == rest.Length || rest[end] != ':')
            return null;
        var scheme = rest[..end].ToLowerInvariant();
        rest = rest[(end + 1)..];
        return scheme;
    }

    private static string? TakeTail(ref string rest, char mark)
    {
        var at = rest.IndexOf(mark, StringComparison.Ordinal);
        if (at < 0)
            return null;
        var tail = rest[(at + 1)..];
        rest = rest[..at];
        return tail;
    }

    // From "scheme state" and "no scheme state" on: which of the forms follows.
    private bool TryHierarchy(string rest, bool hasScheme, bool hasQuery, out bool isOpaque)
    {
        isOpaque = false;
        if (_scheme == "file")
            return TryFile(rest, hasQuery);
        if (!hasScheme || (IsSpecial && baseUrl?.Scheme == _scheme && !rest.StartsWith("//", StringComparison.Ordinal)))
            return TryRelative(rest, hasQuery);
        if (IsSpecial)
            return TryAuthority(rest.TrimStart(['/', '\\']));
        if (rest.StartsWith("//", StringComparison.Ordinal))
            return TryAuthority(rest[2..]);
        isOpaque = !rest.StartsWith('/');
        if (!isOpaque)
            _path.Append(rest[1..], _scheme);
        return true;
    }

    // "Relative state" and "relative slash state".
    private bool TryRelative(string rest, bool hasQuery)
    {
        if (StartsWithSlashes(rest, 2))
            return TryAuthority(IsSpecial ? rest.TrimStart(['/', '\\']) : rest[2..]);
        CopyAuthority();
        if (StartsWithSlashes(rest, 1))
            _path.Append(rest[1..], _scheme);
        else
            AppendToBase(rest, hasQuery);
        return true;
    }

    // "File state", "file slash state" and "file host state".
    private bool TryFile(string rest, bool hasQuery)
    {
        _host = "";
        var isBaseFile = baseUrl?.Scheme == "file";
        if (StartsWithSlashes(rest, 2))
            return TryFileHost(rest[2..]);
        if (isBaseFile)
            _host = baseUrl!.Host;
        if (StartsWithSlashes(rest, 1))
        {
            if (isBaseFile && !WindowsDrive.Starts(rest.AsSpan(1)))
                _path.AppendDriveOf(baseUrl!.Path);
            _path.Append(rest[1..], _scheme);
        }
        else if (isBaseFile && !WindowsDrive.Starts(rest))
        {
            AppendToBase(rest, hasQuery);
        }
        else
        {
            _path.Append(rest, _scheme);
        }
        return true;
    }

    private bool TryFileHost(string rest)
    {
        var end = rest.AsSpan().IndexOfAny('/', '\\');
        var host = end < 0 ? rest : rest[..end];
        // The standard's platform-independent quirk: in file://C:/x the drive is no host.
        if (WindowsDrive.Is(host))
        {
            _path.Append(rest, _scheme);
            return true;
        }
        if (host.Length > 0)
        {
            if (!TryHost(host))
                return false;
            if (_host == "localhost")
                _host = "";
        }
        AppendPathStart(rest[host.Length..]);
        return true;
    }

    // "Authority state", "host state" and "port state".
    private bool TryAuthority(string rest)
    {
        var end = IsSpecial ? rest.AsSpan().IndexOfAny('/', '\\') : rest.IndexOf('/', StringComparison.Ordinal);
        var authority = end < 0 ? rest : rest[..end];
        var at = authority.LastIndexOf('@');
        if (at >= 0)
        {
            var credentials = authority[..at];
            var colon = credentials.IndexOf(':', StringComparison.Ordinal);
            _userName = UrlText.Encode(colon < 0 ? credentials : credentials[..colon], PercentEncodeSet.UserInfo);
            _password = colon < 0 ? "" : UrlText.Encode(credentials[(colon + 1)..], PercentEncodeSet.UserInfo);
        }
        var hostAndPort = authority[(at + 1)..];
        var hostEnd = EndOfHost(hostAndPort);
        var host = hostAndPort[..hostEnd];
        if (host.Length == 0 && (IsSpecial || at >= 0 || hostEnd < hostAndPort.Length))
            return Refuse("a host was expected behind '//'.");
        if (!TryHost(host) || (hostEnd < hostAndPort.Length && !TryPort(hostAndPort[(hostEnd + 1)..])))
            return false;
        AppendPathStart(rest[authority.Length..]);
        return true;
    }

    // The first colon that is not within brackets.
    private static int EndOfHost(string hostAndPort)
    {
        var isInBrackets = false;
        for (var at = 0; at < hostAndPort.Length; at++)
        {
            if (hostAndPort[at] == ':' && !isInBrackets)
                return at;
            isInBrackets = hostAndPort[at] == '[' || (isInBrackets && hostAndPort[at] != ']');
        }
        return hostAndPort.Length;
    }

    private bool TryHost(string host)
    {
        if (host.Length == 0)
            _host = "";
        else if (!UrlHost.TryParse(host, isOpaque: !IsSpecial, out _host, out var error))
            return Refuse(error);
        return true;
    }

    private bool TryPort(string text)
    {
        if (text.Length == 0)
            return true;
        // Digits only, so that no sign and no space gets in; leading zeros are allowed.
        if (text.AsSpan().IndexOfAnyExceptInRange('0', '9') >= 0)
            return Refuse($"a port number was expected, not '{text}'.");
        var digits = text.TrimStart('0');
        if (digits.Length > 5 || int.Parse($"0{digits}", CultureInfo.InvariantCulture) is var port && port > 65535)
            return Refuse($"a port of at most 65535 was expected, not {text}.");
        _port = port == UrlScheme.DefaultPort(_scheme) ? null : port;
        return true;
    }

    // "Path start state": a special URL always has a path.
    private void AppendPathStart(string rest)
    {
        if (StartsWithSlashes(rest, 1))
            _path.Append(rest[1..], _scheme);
        else if (IsSpecial || rest.Length > 0)
            _path.Append(rest, _scheme);
    }

    private void AppendToBase(string rest, bool hasQuery)
    {
        _path.AppendSegmentsOf(baseUrl!.Path);
        if (rest.Length > 0)
        {
            _path.Shorten(_scheme);
            _path.Append(rest, _scheme);
        }
        else if (!hasQuery)
        {
            _query = baseUrl.Query;
        }
    }

    private void CopyAuthority()
    {
        _userName = baseUrl!.UserName;
        _password = baseUrl.Password;
        _host = baseUrl.Host;
        _port = baseUrl.Port;
    }

    private bool StartsWithSlashes(string rest, int count)
    {
        for (var at = 0; at < count; at++)
        {
            if (at >= rest.Length || (rest[at] != '/' && !(rest[at] == '\\' && IsSpecial)))
                return false;
        }
        return true;
    }

    private Url? Fail(string error)
    {
        Error = error;
        return null;
    }

    private bool Refuse(string error)
    {
        Error = error;
        return false;
    }
}
