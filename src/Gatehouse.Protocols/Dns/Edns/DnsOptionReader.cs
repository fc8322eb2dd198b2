namespace Gatehouse.Protocols.Dns.Edns;

/// <summary>Reads the options of an OPT record where they lie (RFC 6891 section 6.1.2).</summary>
public ref struct DnsOptionReader
{
    private Data.DnsDataReader _data;

    /// <summary>Begins to read.</summary>
    /// <param name="opt">The OPT record.</param>
    public DnsOptionReader(in Messages.DnsRecordSpan opt) => _data = opt.ReadData();

    /// <summary>True when all was read: what is left after a false is malformed.</summary>
    public readonly bool IsAtEnd => _data.IsAtEnd;

    /// <summary>Reads the next option; false at the end and when the rest is malformed.</summary>
    public bool TryRead(out DnsOptionCode code, out ReadOnlySpan<byte> data)
    {
        code = default;
        data = default;
        var before = _data;
        if (_data.TryReadUInt16(out var number) && _data.TryReadUInt16(out var length) && _data.TryReadBytes(length, out data))
        {
            code = (DnsOptionCode)number;
            return true;
        }
        _data = before;
        return false;
    }
}
