using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gatehouse.AspNetCore.Headers;

/// <summary>
/// The fields of an answer, or those behind its body, as ASP.NET Core has them: a short list that is kept for its room. What cannot be sent is refused as it
/// is set, and nothing can be set once the fields are on their way.
/// </summary>
internal sealed class ResponseHeaders : IHeaderDictionary
{
    // What a field's value may hold: ASCII without control characters, the tab excepted (RFC 9110 section 5.5).
    private static readonly SearchValues<char> ValueChars =
        SearchValues.Create([.. Enumerable.Range(0x20, 0x5f).Select(value => (char)value), '\t']);

    private Entry[] _entries = new Entry[8];
    private int _count;
    private long? _contentLength;

    public bool IsReadOnly { get; private set; }

    public int Count => _count + (_contentLength is null ? 0 : 1);

    public long? ContentLength
    {
        get => _contentLength;
        set
        {
            ThrowIfReadOnly();
            if (value < 0)
                throw new ArgumentOutOfRangeException(nameof(value), value, "A Content-Length is not negative.");
            _contentLength = value;
        }
    }

    public ICollection<string> Keys => [.. this.Select(entry => entry.Key)];

    public ICollection<StringValues> Values => [.. this.Select(entry => entry.Value)];

    public StringValues this[string key]
    {
        get => TryGetValue(key, out var value) ? value : StringValues.Empty;
        set
        {
            ThrowIfReadOnly();
            Set(key, value);
        }
    }

    public bool TryGetValue(string key, out StringValues value)
    {
        if (_contentLength is { } length && IsContentLength(key))
        {
            value = length.ToString(CultureInfo.InvariantCulture);
            return true;
        }
        var index = IndexOf(key);
        value = index < 0 ? StringValues.Empty : _entries[index].Value;
        return index >= 0;
    }

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public void Add(string key, StringValues value)
    {
        ThrowIfReadOnly();
        if (ContainsKey(key))
            throw new ArgumentException($"There is a field of the name '{key}' already.", nameof(key));
        Set(key, value);
    }

    public void Add(KeyValuePair<string, StringValues> item) => Add(item.Key, item.Value);

    public bool Remove(string key)
    {
        ThrowIfReadOnly();
        if (_contentLength is not null && IsContentLength(key))
        {
            _contentLength = null;
            return true;
        }
        var index = IndexOf(key);
        if (index < 0)
            return false;
        _count--;
        Array.Copy(_entries, index + 1, _entries, index, _count - index);
        _entries[_count].Value = default;
        return true;
    }

    public bool Remove(KeyValuePair<string, StringValues> item) => Contains(item) && Remove(item.Key);

    public void Clear()
    {
        ThrowIfReadOnly();
        Empty();
    }

    public bool Contains(KeyValuePair<string, StringValues> item) => TryGetValue(item.Key, out var value) && value == item.Value;

    public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex)
    {
        foreach (var field in this)
            array[arrayIndex++] = field;
    }

    public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator()
    {
        if (_contentLength is { } length)
            yield return new(HeaderText.Name(KnownHeader.ContentLength), length.ToString(CultureInfo.InvariantCulture));
        for (var i = 0; i < _count; i++)
            yield return new(_entries[i].Key, _entries[i].Value);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Makes the list new for the next answer.</summary>
    public void Reset()
    {
        IsReadOnly = false;
        Empty();
    }

    /// <summary>Puts the fields into the head of an answer; nothing can be set from then on.</summary>
    public void WriteTo(Response response)
    {
        IsReadOnly = true;
        response.ContentLength = _contentLength ?? -1;
        for (var i = 0; i < _count; i++)
        {
            ref readonly var entry = ref _entries[i];
            if (entry.Known == KnownHeader.Connection && entry.Value.ToString().Contains("close", StringComparison.OrdinalIgnoreCase))
                response.ClosesConnection = true;
            Write(response.Headers, in entry);
        }
    }

    /// <summary>Puts the fields behind the body of an answer.</summary>
    public void WriteTrailersTo(Response response)
    {
        IsReadOnly = true;
        for (var i = 0; i < _count; i++)
            Write(response.Trailers, in _entries[i]);
    }

    private static void Write(HeaderList list, in Entry entry)
    {
        for (var i = 0; i < entry.Value.Count; i++)
        {
            var value = entry.Value[i];
            if (!string.IsNullOrEmpty(value))
                Write(list, entry.Known, entry.Key, value);
        }
    }

    private static void Write(HeaderList list, KnownHeader known, string name, string value)
    {
        byte[]? rented = null;
        var bytes = value.Length + name.Length <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(value.Length + name.Length);
        Ascii.FromUtf16(value, bytes, out var length);
        if (known != KnownHeader.None)
        {
            list.Add(known, bytes[..length]);
        }
        else
        {
            Ascii.FromUtf16(name, bytes[length..], out var nameLength);
            list.Add(bytes.Slice(length, nameLength), bytes[..length]);
        }
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    private static bool IsContentLength(string key) =>
        key.Length == "Content-Length".Length && key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase);

    private void Empty()
    {
        for (var i = 0; i < _count; i++)
            _entries[i].Value = default;
        _count = 0;
        _contentLength = null;
    }

    private int IndexOf(string key)
    {
        for (var i = 0; i < _count; i++)
        {
            var other = _entries[i].Key;
            if (ReferenceEquals(other, key) || (other.Length == key.Length && other.Equals(key, StringComparison.OrdinalIgnoreCase)))
                return i;
        }
        return -1;
    }

    private void Set(string key, StringValues value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (IsContentLength(key))
        {
            _contentLength = value.Count == 0 ? null
                : long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length
                : throw new InvalidOperationException($"Expected a decimal number of bytes as Content-Length; found '{value}'.");
            return;
        }
        if (value.Count == 0)
        {
            Remove(key);
            return;
        }
        CheckValue(key, value);
        var index = IndexOf(key);
        if (index >= 0)
        {
            _entries[index].Value = value;
            return;
        }
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _count * 2);
        ref var entry = ref _entries[_count];
        // The same place had the same name in the answer before, as a rule.
        if (!ReferenceEquals(entry.Key, key))
        {
            entry.Known = HeaderText.Find(key);
            if (entry.Known == KnownHeader.None)
                CheckName(key);
            entry.Key = key;
        }
        entry.Value = value;
        _count++;
    }

    private static void CheckName(string name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !"!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal))
                throw new InvalidOperationException($"A field's name must be a token (RFC 9110 section 5.6.2); found 0x{(int)letter:X4} in '{name}'.");
        }
    }

    private static void CheckValue(string key, StringValues value)
    {
        for (var i = 0; i < value.Count; i++)
        {
            if (value[i] is { } text && text.AsSpan().IndexOfAnyExcept(ValueChars) is var bad and >= 0)
                throw new InvalidOperationException($"Invalid non-ASCII or control character in header '{key}': 0x{(int)text[bad]:X4} at {bad}.");
        }
    }

    private void ThrowIfReadOnly()
    {
        if (IsReadOnly)
            throw new InvalidOperationException("Headers are read-only, response has already started.");
    }

    private struct Entry
    {
        public string Key;
        public StringValues Value;
        public KnownHeader Known;
    }
}
