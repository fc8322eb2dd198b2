namespace Gatehouse.Protocols.Http2.Hpack;

/// <summary>
/// Decodes field blocks (RFC 7541) in one pass: names become ids and what is wrong with a field is noted where its bytes are read for the first time.
/// One for each connection and direction; allocates nothing in the steady state.
/// </summary>
public sealed class HpackDecoder(int maxTableSize = Http2Protocol.TableBytes)
{
    private readonly HpackDynamicTable _table = new(maxTableSize);

    /// <summary>Size of the dynamic table as RFC 7541 section 4.1 counts it.</summary>
    public int TableSize => _table.Size;

    /// <summary>
    /// Decodes a whole block into <paramref name="section"/>, which was begun. A fault ends the connection, as the two sides' tables differ from then on:
    /// COMPRESSION_ERROR for bytes that cannot be decoded, ENHANCE_YOUR_CALM for a block that expands far beyond what the section may hold.
    /// </summary>
    public Http2Fault Decode(ReadOnlySpan<byte> block, HpackFieldBuffer section)
    {
        var at = 0;
        var mayResize = true;
        while (at < block.Length)
        {
            var first = block[at];
            string? fault;
            if (first >= 0x80)
            {
                fault = HpackInteger.TryRead(block, 7, ref at, out var index) ? TakeIndexed(index, section) : "an index without end (RFC 7541 section 5.1)";
            }
            else if (first is >= 0x20 and < 0x40)
            {
                fault = Resize(block, ref at, mayResize);
                if (fault is null)
                    continue;
            }
            else
            {
                fault = TakeLiteral(block, ref at, first >= 0x40, section);
            }
            if (fault is not null)
                return Http2Fault.OfConnection(Http2ErrorCode.CompressionError, fault);
            if (section.IsBomb)
                return Http2Fault.OfConnection(Http2ErrorCode.EnhanceYourCalm, "a field block that expands to several times what a message may have");
            mayResize = false;
        }
        return default;
    }

    private string? TakeIndexed(int index, HpackFieldBuffer section)
    {
        if (index is > 0 and <= HpackStaticTable.Last)
        {
            section.Add(HpackStaticTable.Kind(index), Http2FieldFaults.None, HpackStaticTable.Name(index), HpackStaticTable.Value(index));
            return null;
        }
        if (!TryFind(index, out var number))
            return $"index {index} is not in the tables (RFC 7541 section 2.3.3)";
        ref readonly var entry = ref _table[number];
        section.Add(entry.Kind, entry.Faults, _table.Both(entry), entry.NameLength);
        return null;
    }

    private string? TakeLiteral(ReadOnlySpan<byte> block, ref int at, bool isAdded, HpackFieldBuffer section)
    {
        if (!HpackInteger.TryRead(block, isAdded ? 6 : 4, ref at, out var index))
            return "an index without end (RFC 7541 section 5.1)";
        var kind = Http2FieldKind.None;
        var faults = Http2FieldFaults.None;
        section.BeginField();
        if (index == 0)
        {
            if (!TryReadString(block, ref at, section))
                return "a field name that cannot be decoded (RFC 7541 section 5.2)";
            (kind, faults) = section.JudgeName();
        }
        else if (index <= HpackStaticTable.Last)
        {
            kind = HpackStaticTable.Kind(index);
            section.Append(HpackStaticTable.Name(index));
        }
        else
        {
            if (!TryFind(index, out var number))
                return $"index {index} is not in the tables (RFC 7541 section 2.3.3)";
            ref readonly var entry = ref _table[number];
            kind = entry.Kind;
            faults = entry.Faults & Http2FieldFaults.Name;
            section.Append(_table.Name(entry));
        }
        section.EndName();
        if (!TryReadString(block, ref at, section))
            return "a field value that cannot be decoded (RFC 7541 section 5.2)";
        faults |= section.JudgeValue();
        if (isAdded)
            _table.TryAdd(kind, faults, section.FieldName, section.FieldValue);
        section.EndField(kind, faults);
        return null;
    }

    private string? Resize(ReadOnlySpan<byte> block, ref int at, bool mayResize)
    {
        if (!mayResize)
            return "a change of the table's size behind a field (RFC 7541 section 4.2)";
        if (!HpackInteger.TryRead(block, 5, ref at, out var size) || size > maxTableSize)
            return $"a dynamic table larger than the {maxTableSize} bytes that are allowed (RFC 7541 section 6.3)";
        _table.Resize(size);
        return null;
    }

    private bool TryFind(int index, out long number)
    {
        number = _table.Next - 1 - (index - HpackStaticTable.Last - 1);
        return index > HpackStaticTable.Last && number >= _table.First;
    }

    // string = H bit, length (7+), bytes
    private static bool TryReadString(ReadOnlySpan<byte> block, ref int at, HpackFieldBuffer section)
    {
        if (at >= block.Length)
            return false;
        var isHuffman = block[at] >= 0x80;
        if (!HpackInteger.TryRead(block, 7, ref at, out var length) || length > block.Length - at)
            return false;
        var bytes = block.Slice(at, length);
        at += length;
        return isHuffman ? section.TryAppendHuffman(bytes) : section.Append(bytes);
    }
}
