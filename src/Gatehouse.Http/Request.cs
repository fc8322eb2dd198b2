using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http;

/// <summary>
/// The head of a request as views into the buffer it arrived in: no string is made until someone asks. A driver fills it before the handler runs; from then
/// on it may be read from any thread until the exchange ends.
/// </summary>
public sealed class Request
{
    private byte[] _buffer = [];
    private Slice _method;
    private Slice _target;
    private Slice _path;
    private Slice _query;
    private Slice _authority;
    private byte[] _pathBuffer = [];
    private Slice _decoded;
    private bool _isDecoded;
    private HeaderTable _received = new();
    private HeaderEditor? _editor;
    private bool _isEdited;
    private RequestRewrite? _rewrite;
    private bool _isRewritten;
    private bool _isMadeGet;

    /// <summary>The method, or <see cref="Method.Other"/> for a token that is not one of the known.</summary>
    public Method Method { get; private set; }

    /// <summary>The method as received (case-sensitive, RFC 9110 section 9.1).</summary>
    public ReadOnlySpan<byte> MethodName => _isMadeGet ? Methods.Name(Method) : _method.Of(_buffer);

    /// <summary>The protocol of the message.</summary>
    public HttpVersion Version { get; private set; }

    /// <summary>True when the client's connection is TLS, or a trusted proxy says that its was.</summary>
    public bool IsSecure { get; set; }

    /// <summary>The request target as received (RFC 9112 section 3.2).</summary>
    public ReadOnlySpan<byte> Target => _target.Of(_buffer);

    /// <summary>The path as received or rewritten, percent-encoded; <c>*</c> for OPTIONS *, empty for CONNECT.</summary>
    public ReadOnlySpan<byte> RawPath => _isRewritten ? _rewrite!.RawPath : _path.Of(_buffer);

    /// <summary>The query as received or rewritten, without the question mark; empty when there is none (see <see cref="HasQuery"/>).</summary>
    public ReadOnlySpan<byte> Query => _isRewritten ? _rewrite!.Query : _query.Of(_buffer);

    /// <summary>True when the target has a question mark, even with nothing behind it.</summary>
    public bool HasQuery { get; private set; }

    /// <summary>
    /// The path percent-decoded and with dot segments and empty segments resolved (<see cref="UrlPath.TryNormalize"/>): what routes match and files are found by.
    /// The driver has refused a target that has no such form.
    /// </summary>
    public ReadOnlySpan<byte> Path => _isRewritten ? _rewrite!.Path : _isDecoded ? _decoded.Of(_pathBuffer) : _path.Of(_buffer);

    /// <summary>True when <see cref="Path"/> is not byte for byte <see cref="RawPath"/>.</summary>
    public bool IsPathChanged => _isRewritten ? _rewrite!.IsPathChanged : _isDecoded;

    /// <summary>True when path or query are not those of the <see cref="Target"/>: see <see cref="TryRewrite"/>.</summary>
    public bool IsRewritten => _isRewritten;

    /// <summary>Host and optional port that the request is for: of the target's absolute or authority form, else of the Host field.</summary>
    public ReadOnlySpan<byte> Authority => _authority.Of(_buffer);

    /// <summary>The host of <see cref="Authority"/> without its port; an IPv6 literal keeps its brackets.</summary>
    public ReadOnlySpan<byte> Host
    {
        get
        {
            var authority = Authority;
            var colon = authority.LastIndexOf((byte)':');
            return colon < 0 || authority[colon..].Contains((byte)']') ? authority : authority[..colon];
        }
    }

    /// <summary>The fields in the order received, with what <see cref="EditHeaders"/> changed.</summary>
    public HeaderTable Headers => _isEdited ? _editor!.Table : _received;

    /// <summary>
    /// How many of the <see cref="Headers"/> the client sent; those behind were set by this server's own rules, and a client's claims do not touch them.
    /// </summary>
    public int ReceivedHeaders => _isEdited ? _editor!.Received : _received.Count;

    /// <summary>Length of the body in bytes, 0 when there is none, -1 when it is not known beforehand.</summary>
    public long ContentLength { get; private set; }

    /// <summary>True when a body follows (it may still turn out empty).</summary>
    public bool HasBody => ContentLength != 0;

    /// <summary>True when the client waits for 100 (Continue) before it sends the body; the first read of the body sends it.</summary>
    public bool ExpectsContinue { get; private set; }

    /// <summary>True when the message asks for a protocol change with Upgrade named in Connection (RFC 9110 section 7.8).</summary>
    public bool AsksUpgrade { get; private set; }

    /// <summary>The fields after a chunked body, once it has been read to its end; null when there were none.</summary>
    public HeaderTable? Trailers { get; set; }

    /// <summary>Who sent the request: the peer of the connection, or whom a trusted proxy names in its place.</summary>
    public Endpoint Client { get; set; }

    /// <summary>True when the peer of the connection is a proxy that the configuration trusts: what it says about the client is believed and passed on.</summary>
    public bool IsViaTrustedProxy { get; set; }

    /// <summary>Sets the request line. Offsets are into <paramref name="buffer"/>, which also holds the fields.</summary>
    public void SetLine(byte[] buffer, Method method, Slice methodName, Slice target, Slice path, Slice query, bool hasQuery, HttpVersion version)
    {
        _buffer = buffer;
        Method = method;
        _method = methodName;
        _target = target;
        _path = path;
        _query = query;
        HasQuery = hasQuery;
        Version = version;
        _isDecoded = _isEdited = _isRewritten = _isMadeGet = false;
        IsSecure = IsViaTrustedProxy = false;
    }

    /// <summary>Sets what the fields say about the message.</summary>
    public void SetMessage(HeaderTable headers, Slice authority, long contentLength, bool expectsContinue, bool asksUpgrade)
    {
        _received = headers;
        _authority = authority;
        ContentLength = contentLength;
        ExpectsContinue = expectsContinue;
        AsksUpgrade = asksUpgrade;
        Trailers = null;
    }

    /// <summary>
    /// Computes <see cref="Path"/> where it differs from <see cref="RawPath"/>; free for the usual path that needs no change.
    /// False when the path cannot be decoded or leaves the root; then the request must be refused with 400.
    /// </summary>
    public bool TryNormalizePath()
    {
        var raw = RawPath;
        if (!UrlPath.NeedsNormalizing(raw))
            return true;
        if (_pathBuffer.Length < raw.Length)
            _pathBuffer = new byte[Math.Max(raw.Length, 256)];
        if (!UrlPath.TryNormalize(raw, _pathBuffer, out var written))
            return false;
        _decoded = new Slice(0, written);
        _isDecoded = true;
        return true;
    }

    /// <summary>
    /// Gives the handlers that come another path and query; <see cref="Target"/> stays as received, for logs. The decoded <paramref name="path"/> is normalised
    /// like one that was received, and <paramref name="query"/> is taken as it is.
    /// </summary>
    /// <returns>
    /// False, and nothing is changed, when the path does not begin with a slash, leaves the root, or holds a control character or invalid UTF-8, or when the
    /// query holds something that a request target cannot: then the request must be refused with 400.
    /// </returns>
    public bool TryRewrite(ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, bool hasQuery)
    {
        if (!(_rewrite ??= new RequestRewrite()).TrySet(path, query))
            return false;
        HasQuery = hasQuery;
        return _isRewritten = true;
    }

    /// <summary>
    /// Makes the request a GET without a body, or leaves it a HEAD: for a handler whose answer is that of another path of this server (RFC 3875 section 6.2.2).
    /// </summary>
    public void BecomeGet()
    {
        if (Method != Method.Head)
            Method = Method.Get;
        _isMadeGet = true;
        ContentLength = 0;
        ExpectsContinue = AsksUpgrade = false;
    }

    /// <summary>Lets a handler change the fields for those that come after it. Spans taken from <see cref="Headers"/> before stay what they were.</summary>
    public HeaderEditor EditHeaders()
    {
        _editor ??= new HeaderEditor();
        if (!_isEdited)
            _editor.Begin(_received);
        _isEdited = true;
        return _editor;
    }

    /// <summary>Points every view at a copy of the head in another buffer, with offsets moved by <paramref name="delta"/>.</summary>
    public void Rebase(byte[] buffer, int delta)
    {
        _buffer = buffer;
        _method = _method.Moved(delta);
        _target = _target.Moved(delta);
        _path = _path.Moved(delta);
        _query = _query.Moved(delta);
        _authority = _authority.Moved(delta);
        _received.Rebase(buffer, delta);
    }
}
