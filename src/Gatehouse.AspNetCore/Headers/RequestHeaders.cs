using System.Collections;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.AspNetCore.Headers;

/// <summary>
/// The fields of a request as ASP.NET Core has them. A look for one field reads it from the message and makes no more than its string; whatever else is done
/// with the fields, or would move the bytes of the message, takes them all over into a dictionary first.
/// </summary>
internal sealed class RequestHeaders : IHeaderDictionary
{
    // The strings that the request before had, by the place of the field.
    private string?[] _values = new string?[16];
    private string?[] _names = new string?[16];
    private readonly HeaderDictionary _loaded = [];
    private Request? _request;
    private bool _isLoaded;

    public StringValues this[string key]
    {
        get => TryGetValue(key, out var value) ? value : StringValues.Empty;
        set => Loaded[key] = value;
    }

    public long? ContentLength
    {
        get => _isLoaded ? _loaded.ContentLength : _request!.Headers.Contains(KnownHeader.ContentLength) ? _request.ContentLength : null;
        set => Loaded.ContentLength = value;
    }

    public ICollection<string> Keys => Loaded.Keys;

    public ICollection<StringValues> Values => Loaded.Values;

    public int Count => Loaded.Count;

    public bool IsReadOnly => false;

    private HeaderDictionary Loaded
    {
        get
        {
            Load();
            return _loaded;
        }
    }

    /// <summary>Shows the fields of <paramref name="request"/>.</summary>
    public void Begin(Request request)
    {
        _request = request;
        _isLoaded = false;
    }

    /// <summary>Forgets the request.</summary>
    public void Reset()
    {
        if (_isLoaded)
            _loaded.Clear();
        _isLoaded = true;
        _request = null;
    }

    /// <summary>Takes all fields over: from now on the bytes of the message may move.</summary>
    public void Load()
    {
        if (_isLoaded)
            return;
        _isLoaded = true;
        var headers = _request!.Headers;
        for (var i = 0; i < headers.Count; i++)
        {
            var known = headers[i].Known;
            if (!IsHidden(known))
            {
                var name = known != KnownHeader.None ? HeaderText.Name(known) : NameAt(headers, i);
                _loaded.Append(name, ValueAt(headers, i));
            }
        }
        if (!headers.Contains(KnownHeader.Host) && !_request.Authority.IsEmpty)
            _loaded[HeaderText.Name(KnownHeader.Host)] = Encoding.ASCII.GetString(_request.Authority);
    }

    public bool TryGetValue(string key, out StringValues value)
    {
        if (_isLoaded)
            return _loaded.TryGetValue(key, out value);
        value = Find(key);
        return value.Count > 0;
    }

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public void Add(string key, StringValues value) => Loaded.Add(key, value);

    public void Add(KeyValuePair<string, StringValues> item) => Loaded.Add(item);

    public bool Remove(string key) => Loaded.Remove(key);

    public bool Remove(KeyValuePair<string, StringValues> item) => Loaded.Remove(item);

    public void Clear() => Loaded.Clear();

    public bool Contains(KeyValuePair<string, StringValues> item) => Loaded.Contains(item);

    public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex) => Loaded.CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, StringValues>>)Loaded).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // An extended CONNECT comes as an upgrade (RFC 8441): its driver made the field, which the client did not send.
    private bool IsHidden(KnownHeader known) => known == KnownHeader.Upgrade && _request!.Version == HttpVersion.Http2;

    private StringValues Find(string key)
    {
        var headers = _request!.Headers;
        var known = HeaderText.Find(key);
        if (known == KnownHeader.None)
            return FindOther(headers, key);
        if (!headers.Contains(known))
            return known == KnownHeader.Host && !_request.Authority.IsEmpty ? Encoding.ASCII.GetString(_request.Authority) : StringValues.Empty;
        if (IsHidden(known))
            return StringValues.Empty;
        var found = StringValues.Empty;
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known == known)
                found = found.Count == 0 ? ValueAt(headers, i) : StringValues.Concat(found, ValueAt(headers, i));
        }
        return found;
    }

    private StringValues FindOther(HeaderTable headers, string key)
    {
        var found = StringValues.Empty;
        for (var i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known == KnownHeader.None && Ascii.EqualsIgnoreCase(headers[i].Name, key))
                found = found.Count == 0 ? ValueAt(headers, i) : StringValues.Concat(found, ValueAt(headers, i));
        }
        return found;
    }

    private string ValueAt(HeaderTable headers, int index) => HeaderText.Reuse(ref At(ref _values, index), headers[index].Value);

    private string NameAt(HeaderTable headers, int index) => HeaderText.Reuse(ref At(ref _names, index), headers[index].Name);

    private static ref string? At(ref string?[] strings, int index)
    {
        if (index >= strings.Length)
            Array.Resize(ref strings, Math.Max(index + 1, strings.Length * 2));
        return ref strings[index];
    }
}
