using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Cookies;

/// <summary>
/// The cookies of a request (RFC 6265bis section 4.2), read in place without allocation. Lenient: any bytes between semicolons are a cookie, white space around
/// name and value does not count, empty pairs are passed over. HTTP/2 may split the field (RFC 9113 section 8.2.3); all of its lines count as one.
/// </summary>
public readonly ref struct RequestCookies
{
    /// <summary>How many cookies are enumerated at most; browsers keep up to 180 for a site.</summary>
    public const int MaxCookies = 256;

    private readonly HeaderTable? _headers;
    private readonly ReadOnlySpan<byte> _field;

    /// <summary>The cookies of one Cookie field value.</summary>
    public RequestCookies(ReadOnlySpan<byte> field) => _field = field;

    /// <summary>The cookies of every Cookie field of a message.</summary>
    public RequestCookies(HeaderTable headers) => _headers = headers;

    /// <summary>Goes through the cookies in the order received: user agents send the one with the longest path first.</summary>
    public Enumerator GetEnumerator() => new(_headers, _field);

    /// <summary>The value of the first cookie of that name (case-sensitive); false when there is none among the first <see cref="MaxCookies"/>.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        foreach (var cookie in this)
        {
            if (cookie.Name.SequenceEqual(name))
            {
                value = cookie.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>Goes through the cookies of a request.</summary>
    public ref struct Enumerator
    {
        private readonly HeaderTable? _headers;
        private ReadOnlySpan<byte> _rest;
        private int _line;
        private int _count;

        internal Enumerator(HeaderTable? headers, ReadOnlySpan<byte> field)
        {
            _headers = headers;
            _rest = field;
        }

        /// <summary>The cookie that <see cref="MoveNext"/> has come to.</summary>
        public CookiePair Current { get; private set; }

        /// <summary>True when there were more than <see cref="MaxCookies"/> and the rest was left out.</summary>
        public bool IsTruncated { get; private set; }

        /// <summary>Goes to the next cookie; false behind the last.</summary>
        public bool MoveNext()
        {
            while (!_rest.IsEmpty || NextLine())
            {
                // cookie-string = cookie-pair *( ";" SP cookie-pair )
                if (!CookieSyntax.Split(CookieSyntax.TakeUntilSemicolon(ref _rest), out var name, out var value))
                {
                    value = name;
                    name = default;
                }
                if (name.IsEmpty && value.IsEmpty)
                    continue;
                if (_count == MaxCookies)
                {
                    IsTruncated = true;
                    return false;
                }
                _count++;
                Current = new CookiePair(name, value);
                return true;
            }
            return false;
        }

        private bool NextLine()
        {
            while (_headers is not null && _line < _headers.Count)
            {
                var field = _headers[_line++];
                if (field.Known != KnownHeader.Cookie || field.Value.IsEmpty)
                    continue;
                _rest = field.Value;
                return true;
            }
            return false;
        }
    }
}
