using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Http2.Hpack;

/// <summary>
/// Where a decoder puts the fields of one block: names and values one behind the other in one buffer, each then handed to who derives from this. What is
/// beyond the limits is counted and dropped.
/// </summary>
public abstract class HpackFieldBuffer
{
    // An idle buffer keeps the room of a usual head, not that of the largest.
    private const int RetainedBytes = 8 * 1024;

    // RFC 9113 section 6.5.2 counts this for each field.
    private const int FieldOverhead = 32;

    private byte[] _buffer = new byte[1024];
    private int _used;
    private int _nameStart;
    private int _nameEnd;
    private long _size;
    private int _maxBytes;
    private int _maxFields;
    private int _count;

    internal HpackFieldBuffer()
    {
    }

    /// <summary>The bytes that every slice lies in.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>True when the fields were too many or too large; those beyond the limit were dropped.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>True when they were so far beyond the limit that it must be meant.</summary>
    internal bool IsBomb => _size > 4L * _maxBytes;

    /// <summary>The name of the field that is being decoded.</summary>
    internal ReadOnlySpan<byte> FieldName => _buffer.AsSpan(_nameStart, _nameEnd - _nameStart);

    /// <summary>The value of the field that is being decoded, so far.</summary>
    internal ReadOnlySpan<byte> FieldValue => _buffer.AsSpan(_nameEnd, _used - _nameEnd);

    /// <summary>Where the name of the field lies.</summary>
    private protected Slice NameSlice => new(_nameStart, _nameEnd - _nameStart);

    /// <summary>Where the value of the field lies.</summary>
    private protected Slice ValueSlice => new(_nameEnd, _used - _nameEnd);

    /// <summary>Takes a field that is whole (<see cref="FieldName"/>, <see cref="FieldValue"/>).</summary>
    internal abstract void Take(Http2FieldKind kind, Http2FieldFaults faults);

    /// <summary>The buffer has become another, with the same bytes at the same offsets.</summary>
    private protected virtual void OnMoved()
    {
    }

    /// <summary>Makes the buffer new for a block.</summary>
    internal void BeginBlock(int maxBytes, int maxFields)
    {
        if (_buffer.Length > RetainedBytes)
            _buffer = new byte[RetainedBytes];
        _maxBytes = maxBytes;
        _maxFields = maxFields;
        _used = _count = 0;
        _size = 0;
        IsTooLarge = false;
    }

    internal void BeginField() => _nameStart = _used;

    internal void EndName() => _nameEnd = _used;

    internal bool Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
        return true;
    }

    internal bool TryAppendHuffman(ReadOnlySpan<byte> encoded)
    {
        Reserve((encoded.Length * 8 / 5) + 1);
        var count = HpackHuffman.Decode(encoded, _buffer.AsSpan(_used));
        if (count == HpackHuffman.Invalid)
            return false;
        _used += count;
        return true;
    }

    /// <summary>Says which field it is whose name has just been appended, and whether the name is one (RFC 9113 section 8.2.1).</summary>
    internal (Http2FieldKind Kind, Http2FieldFaults Faults) JudgeName()
    {
        var length = _used - _nameStart;
        if (length == 0)
            return (Http2FieldKind.None, Http2FieldFaults.Name);
        if (_buffer[_nameStart] == ':')
            return (Http2FieldKinds.FindPseudo(_buffer.AsSpan(_nameStart, length)), Http2FieldFaults.None);
        var isValid = ByteScan.EndOf(ByteScan.LowerToken, _buffer, _nameStart, _used) >= _used;
        return ((Http2FieldKind)KnownHeaders.Find(_buffer, _nameStart, length), isValid ? Http2FieldFaults.None : Http2FieldFaults.Name);
    }

    /// <summary>Says whether the value may stand in a field: no control character, and no white space around it (RFC 9113 section 8.2.1).</summary>
    internal Http2FieldFaults JudgeValue()
    {
        if (_used == _nameEnd)
            return Http2FieldFaults.None;
        if (_buffer[_nameEnd] is (byte)' ' or (byte)'\t' || _buffer[_used - 1] is (byte)' ' or (byte)'\t')
            return Http2FieldFaults.Value;
        return ByteScan.EndOfValue(_buffer, _nameEnd, _used) >= _used ? Http2FieldFaults.None : Http2FieldFaults.Value;
    }

    /// <summary>Takes an indexed field; beyond the limit it costs nothing.</summary>
    internal void Add(Http2FieldKind kind, Http2FieldFaults faults, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!Count(name.Length + value.Length))
            return;
        Reserve(name.Length + value.Length);
        _nameStart = _used;
        _nameEnd = _used + name.Length;
        name.CopyTo(_buffer.AsSpan(_used));
        value.CopyTo(_buffer.AsSpan(_nameEnd));
        _used = _nameEnd + value.Length;
        Take(kind, faults);
    }

    /// <summary>The same for name and value in one piece.</summary>
    internal void Add(Http2FieldKind kind, Http2FieldFaults faults, ReadOnlySpan<byte> both, int nameLength)
    {
        if (!Count(both.Length))
            return;
        Reserve(both.Length);
        _nameStart = _used;
        _nameEnd = _used + nameLength;
        both.CopyTo(_buffer.AsSpan(_used));
        _used += both.Length;
        Take(kind, faults);
    }

    /// <summary>The literal field that was appended is whole.</summary>
    internal void EndField(Http2FieldKind kind, Http2FieldFaults faults)
    {
        if (Count(_used - _nameStart))
            Take(kind, faults);
        else
            _used = _nameStart;
    }

    private bool Count(int bytes)
    {
        _size += bytes + FieldOverhead;
        if (_size <= _maxBytes && _count++ < _maxFields)
            return true;
        IsTooLarge = true;
        return false;
    }

    /// <summary>Makes room for so many bytes.</summary>
    private protected void Reserve(int bytes)
    {
        if (_buffer.Length - _used >= bytes)
            return;
        Array.Resize(ref _buffer, Math.Max(_used + bytes, _buffer.Length * 2));
        OnMoved();
    }
}
