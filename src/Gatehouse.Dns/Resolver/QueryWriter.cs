using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Edns;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Resolver;

/// <summary>Writes queries.</summary>
public static class QueryWriter
{
    // RFC 8467 section 4.1: queries are padded to multiples of 128 bytes.
    private const int PaddingBlock = 128;

    /// <summary>A query with the id 0.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="options">What else it says.</param>
    /// <param name="isPadded">True over an encrypted connection.</param>
    public static byte[] Write(in DnsQuestion question, QueryOptions options, bool isPadded)
    {
        ArgumentNullException.ThrowIfNull(options);
        var flags = (options.Recursion ? DnsFlags.RecursionDesired : 0) | (options.CheckingDisabled ? DnsFlags.CheckingDisabled : 0)
            | (options.AuthenticData ? DnsFlags.AuthenticData : 0);
        var buffer = new byte[1024 + options.Options.Sum(static option => option.Data.Length + 4)];
        var writer = new DnsMessageWriter(buffer, new DnsHeader(0, flags));
        writer.TryWriteQuestion(question.Name.Wire, question.Type, question.Class);
        if (options.Edns)
        {
            writer.TryBeginEdns(options.UdpSize, options.DnssecOk);
            if (options.ClientSubnet is { } subnet)
            {
                Span<byte> data = stackalloc byte[DnsClientSubnet.MaxLength];
                writer.TryWriteOption(DnsOptionCode.ClientSubnet, data[..subnet.Write(data)]);
            }
            foreach (var option in options.Options)
                writer.TryWriteOption(option.Code, option.Data.Span);
            if (isPadded)
                writer.TryWritePadding(PaddingBlock);
            writer.EndEdns();
        }
        return buffer[..writer.Finish()];
    }
}
