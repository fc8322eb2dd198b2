using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http;

/// <summary>
/// The fields of a message that is being made, in order. Names and values are copied into one buffer that is kept from request to request, and are
/// validated on the way in, so that what is sent can never split a message (RFC 9110 section 5.5).
/// </summary>
public sealed class HeaderList
{
    private static readonly SearchValues<byte> Forbidden = SearchValues.Create("\r\n\0"u8);
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private byte[] _bytes = [];
    private Entry[] _entries = new Entry[12];
    private int _used;
    private int _count;

    // A bit for each known name, modulo 64: a clear bit says that the name is not here, without a search.
    private ulong _mayHave;

    /// <summary>How many fields there are.</summary>
    public int Count => _count;

    /// <summary>At most so many bytes are all fields together, each with a colon, a space and a line end.</summary>
    public int SizeBound => _used + (_count * (KnownHeaders.LongestName + 4));

    /// <summary>The field at <paramref name="index"/>.</summary>
    public HeaderField this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count);
            return FieldOf(in _entries[index]);
        }
    }

    /// <summary>Removes all fields and keeps the room.</summary>
    public void Clear()
    {
        _used = _count = 0;
        _mayHave = 0;
    }

    /// <summary>Appends a field.</summary>
    /// <exception cref="ArgumentException">The value has a CR, LF or NUL.</exception>
    public void Add(KnownHeader name, ReadOnlySpan<byte> value)
    {
        CheckValue(value);
        Append(name, default, value);
    }

    /// <summary>Appends a field.</summary>
    /// <exception cref="ArgumentException">The name is not a token, or the value has a CR, LF or NUL.</exception>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        CheckValue(value);
        if (name.IsEmpty || name.IndexOfAnyExcept(TokenBytes) >= 0)
            throw new ArgumentException($"A field name must be a token (RFC 9110 section 5.6.2); found '{Encoding.Latin1.GetString(name)}'.", nameof(name));
        Append(KnownHeaders.Find(name), name, value);
    }

    /// <summary>Appends a field received from a peer, which its parser has validated.</summary>
    public void Add(HeaderField field) => Append(field.Known, field.Name, field.Value);

    /// <summary>Appends a field with a decimal value.</summary>
    public void Add(KnownHeader name, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var written);
        Append(name, default, digits[..written]);
    }

    /// <summary>Replaces all fields of that name by one.</summary>
    /// <exception cref="ArgumentException">The value has a CR, LF or NUL.</exception>
    public void Set(KnownHeader name, ReadOnlySpan<byte> value)
    {
        CheckValue(value);
        Remove(name);
        Append(name, default, value);
    }

    /// <summary>Replaces all fields of that name by one.</summary>
    /// <exception cref="ArgumentException">The name is not a token, or the value has a CR, LF or NUL.</exception>
    public void Set(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Remove(name);
        Add(name, value);
    }

    /// <summary>Removes every field of that name; true when there was one.</summary>
    public bool Remove(KnownHeader name)
    {
        if (!MayHave(name))
            return false;
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_entries[i].Known != name)
                _entries[kept++] = _entries[i];
        }
        var removed = kept != _count;
        _count = kept;
        return removed;
    }

    /// <summary>Removes every field of that name, in any case; true when there was one.</summary>
    public bool Remove(ReadOnlySpan<byte> name)
    {
        var known = KnownHeaders.Find(name);
        if (known != KnownHeader.None)
            return Remove(known);
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (!Ascii.EqualsIgnoreCase(FieldOf(in _entries[i]).Name, name))
                _entries[kept++] = _entries[i];
        }
        var removed = kept != _count;
        _count = kept;
        return removed;
    }

    /// <summary>The value of the first field of that name; false when there is none.</summary>
    public bool TryGet(KnownHeader name, out ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < _count && MayHave(name); i++)
        {
            if (_entries[i].Known == name)
            {
                value = FieldOf(in _entries[i]).Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    /// <summary>True when there is a field of that name.</summary>
    public bool Contains(KnownHeader name) => TryGet(name, out _);

    /// <summary>The value of the first field of that name, in any case; false when there is none.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < _count; i++)
        {
            var field = FieldOf(in _entries[i]);
            if (Ascii.EqualsIgnoreCase(field.Name, name))
            {
                value = field.Value;
                return true;
            }
        }
        value = default;
        return false;
    }

    private bool MayHave(KnownHeader name) => (_mayHave & (1UL << (int)name)) != 0;

    private static void CheckValue(ReadOnlySpan<byte> value)
    {
        var bad = value.IndexOfAny(Forbidden);
        if (bad >= 0)
            throw new ArgumentException($"A field value must not hold CR, LF or NUL (RFC 9110 section 5.5); found byte {value[bad]} at offset {bad}.", nameof(value));
    }

    private HeaderField FieldOf(in Entry entry) => new(
        entry.Known,
        entry.NameLength == 0 ? KnownHeaders.Name(entry.Known) : _bytes.AsSpan(entry.Start, entry.NameLength),
        _bytes.AsSpan(entry.Start + entry.NameLength, entry.ValueLength));

    // A known field given without its name is spelt the customary way and costs no copy of the name.
    private void Append(KnownHeader known, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_count == _entries.Length)
            Array.Resize(ref _entries, _entries.Length * 2);
        var needed = _used + name.Length + value.Length;
        if (needed > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(needed, Math.Max(512, _bytes.Length * 2)));
        name.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + name.Length));
        _entries[_count++] = new Entry { Start = _used, NameLength = name.Length, ValueLength = value.Length, Known = known };
        _used = needed;
        _mayHave |= 1UL << (int)known;
    }

    private struct Entry
    {
        public int Start;
        public int NameLength;
        public int ValueLength;
        public KnownHeader Known;
    }
}
