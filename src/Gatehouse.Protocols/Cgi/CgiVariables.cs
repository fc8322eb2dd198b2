using System.Buffers.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Cgi;

/// <summary>
/// The meta-variables of one request (RFC 3875 section 4.1) in order: what CGI, FastCGI, SCGI and uwsgi all carry, each in its own encoding. Names and values
/// are copied into one buffer that is kept from request to request. Not thread-safe.
/// </summary>
public sealed class CgiVariables
{
    // What a request has besides its fields, with room for the usual number of those.
    private const int UsualCount = 56;
    private const int UsualBytes = 4096;

    private Entry[] _entries = new Entry[UsualCount];
    private byte[] _bytes = new byte[UsualBytes];
    private int _count;
    private int _used;

    /// <summary>How many variables there are.</summary>
    public int Count => _count;

    /// <summary>Bytes of all names and values together.</summary>
    public int Bytes { get; private set; }

    /// <summary>The variable at <paramref name="index"/>.</summary>
    public CgiVariable this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count);
            ref readonly var entry = ref _entries[index];
            return new CgiVariable(_bytes.AsSpan(entry.NameStart, entry.NameLength), _bytes.AsSpan(entry.ValueStart, entry.ValueLength));
        }
    }

    /// <summary>Removes all variables and keeps the room.</summary>
    public void Clear() => _count = _used = Bytes = 0;

    /// <summary>Appends a variable. One of that name that is there already stays: see <see cref="Set"/>.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Begin(name);
        Append(value);
    }

    /// <summary>Appends a variable with a decimal value.</summary>
    public void Add(ReadOnlySpan<byte> name, long value)
    {
        Begin(name);
        Append(value);
    }

    /// <summary>Gives the variable of that name another value, or appends it.</summary>
    public void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var index = Find(name);
        if (index < 0)
        {
            Add(name, value);
            return;
        }
        ref var entry = ref _entries[index];
        Bytes += value.Length - entry.ValueLength;
        entry.ValueStart = _used;
        entry.ValueLength = value.Length;
        Copy(value);
    }

    /// <summary>The value of a variable; false when there is none of that name.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var index = Find(name);
        value = index < 0 ? default : this[index].Value;
        return index >= 0;
    }

    /// <summary>Appends a variable whose value is made of parts: <see cref="Append(ReadOnlySpan{byte})"/> adds them.</summary>
    public void Begin(ReadOnlySpan<byte> name)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _entries.Length * 2);
        ref var entry = ref _entries[_count++];
        entry = new Entry { NameStart = _used, NameLength = name.Length, ValueStart = _used + name.Length };
        Bytes += name.Length;
        Copy(name);
    }

    /// <summary>Adds to the value of the last variable.</summary>
    public void Append(ReadOnlySpan<byte> part)
    {
        _entries[_count - 1].ValueLength += part.Length;
        Bytes += part.Length;
        Copy(part);
    }

    /// <summary>Adds decimal digits to the value of the last variable.</summary>
    public void Append(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var length);
        Append(digits[..length]);
    }

    /// <summary>
    /// Appends the fields of a request as HTTP_* (RFC 3875 section 4.1.18), and Content-Type as CONTENT_TYPE. Fields of one name become one variable, their
    /// values joined by a comma, those of Cookie by a semicolon.
    /// </summary>
    /// <remarks>
    /// Left out: a name with an underscore or anything else than letters, digits and hyphens, which could pass for another field's (nginx drops the same);
    /// Proxy, whose HTTP_PROXY programs take for a setting (httpoxy); Proxy-Authorization; Transfer-Encoding, which the body no longer has; and
    /// Content-Length, which the caller knows better.
    /// </remarks>
    /// <param name="headers">The fields.</param>
    /// <param name="withAuthorization">
    /// False when this server has checked the Authorization field itself: credentials then go no further (RFC 3875 section 9.2).
    /// </param>
    public void AddFields(HeaderTable headers, bool withAuthorization)
    {
        var first = _count;
        for (var i = 0; i < headers.Count; i++)
        {
            var field = headers[i];
            if (field.Known is KnownHeader.ContentLength or KnownHeader.TransferEncoding or KnownHeader.ProxyAuthorization
                || (field.Known == KnownHeader.Authorization && !withAuthorization))
                continue;
            var start = _used;
            var length = CgiFieldName.Write(field.Known == KnownHeader.ContentType, field.Name, Reserve(CgiFieldName.Prefix.Length + field.Name.Length));
            if (length == 0 || IsProxy(field))
                continue;
            var earlier = FindField(_bytes.AsSpan(start, length), first);
            if (earlier >= 0)
            {
                Join(ref _entries[earlier], field.Known == KnownHeader.Cookie ? "; "u8 : ", "u8, field.Value);
                continue;
            }
            if (_count == _entries.Length)
                Array.Resize(ref _entries, _entries.Length * 2);
            _entries[_count++] = new Entry { NameStart = start, NameLength = length, ValueStart = start + length, ValueLength = field.Value.Length };
            Bytes += length + field.Value.Length;
            _used += length;
            Copy(field.Value);
        }
    }

    private static bool IsProxy(HeaderField field) => field.Name.Length == 5 && System.Text.Ascii.EqualsIgnoreCase(field.Name, "proxy"u8);

    private int FindField(ReadOnlySpan<byte> name, int first)
    {
        // Names of one length are rare among the few fields of a request, so this is a walk over lengths.
        for (var i = first; i < _count; i++)
        {
            ref readonly var entry = ref _entries[i];
            if (entry.NameLength == name.Length && _bytes.AsSpan(entry.NameStart, entry.NameLength).SequenceEqual(name))
                return i;
        }
        return -1;
    }

    private int Find(ReadOnlySpan<byte> name) => FindField(name, 0);

    // A value that is not the last in the buffer moves behind it; in place when the field came right behind its like.
    private void Join(ref Entry entry, ReadOnlySpan<byte> separator, ReadOnlySpan<byte> value)
    {
        if (entry.ValueStart + entry.ValueLength != _used)
        {
            var moved = _used;
            Copy(_bytes.AsSpan(entry.ValueStart, entry.ValueLength));
            entry.ValueStart = moved;
        }
        Copy(separator);
        Copy(value);
        entry.ValueLength += separator.Length + value.Length;
        Bytes += separator.Length + value.Length;
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        // The bytes may be some of this buffer's, which stays alive as long as the span.
        bytes.CopyTo(Reserve(bytes.Length));
        _used += bytes.Length;
    }

    private Span<byte> Reserve(int size)
    {
        if (_bytes.Length - _used < size)
            Array.Resize(ref _bytes, Math.Max(_used + size, _bytes.Length * 2));
        return _bytes.AsSpan(_used);
    }

    private struct Entry
    {
        public int NameStart;
        public int NameLength;
        public int ValueStart;
        public int ValueLength;
    }
}
