using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Protocols.Dns.Edns;

/// <summary>What a message says by EDNS(0) (RFC 6891): its OPT record.</summary>
/// <param name="UdpSize">Bytes of the datagrams that the sender takes.</param>
/// <param name="DnssecOk">DO: the sender wants signatures (RFC 3225).</param>
/// <param name="ExtendedRcode">The upper eight bits of the response code.</param>
/// <param name="Version">The version: 0.</param>
/// <param name="Options">The options, in their order.</param>
public sealed record DnsEdns(ushort UdpSize, bool DnssecOk, byte ExtendedRcode, byte Version, IReadOnlyList<DnsOption> Options)
{
    /// <summary>
    /// The size of datagrams that this side takes and sends: what IPv6's least packet carries, so that none is fragmented (the recommendation of DNS flag day
    /// 2020, RFC 9715 section 3.2).
    /// </summary>
    public const ushort DefaultUdpSize = 1232;

    /// <summary>The data of the first option of a kind; null without one.</summary>
    public ReadOnlyMemory<byte>? Find(DnsOptionCode code)
    {
        foreach (var option in Options)
        {
            if (option.Code == code)
                return option.Data;
        }
        return null;
    }

    /// <summary>The extended errors (RFC 8914).</summary>
    public IEnumerable<DnsExtendedError> ExtendedErrors
    {
        get
        {
            foreach (var option in Options)
            {
                if (option.Code == DnsOptionCode.ExtendedError && DnsExtendedError.TryRead(option.Data.Span, out var error))
                    yield return error;
            }
        }
    }

    /// <summary>Reads an OPT record.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public static string? Read(in DnsRecordSpan opt, out DnsEdns? edns)
    {
        edns = null;
        if (!opt.Name.IsRoot || opt.Section != DnsSection.Additional)
            return "expected the OPT record at the root's name in the additional section, found it elsewhere";
        var options = new List<DnsOption>();
        var reader = new DnsOptionReader(opt);
        while (reader.TryRead(out var code, out var data))
            options.Add(new DnsOption(code, data.ToArray()));
        if (!reader.IsAtEnd)
            return "expected an option of the OPT record, found the end of its data";
        edns = new DnsEdns((ushort)opt.Class, (opt.TimeToLive & 0x8000) != 0, (byte)(opt.TimeToLive >> 24), (byte)(opt.TimeToLive >> 16), options);
        return null;
    }

    internal bool TryWrite(ref DnsMessageWriter writer)
    {
        if (!writer.TryBeginEdns(UdpSize, DnssecOk, ExtendedRcode))
            return false;
        foreach (var option in Options)
        {
            if (!writer.TryWriteOption(option.Code, option.Data.Span))
                return false;
        }
        writer.EndEdns();
        return true;
    }
}
