using System.Globalization;
using System.Text;
using Gatehouse.Dns.Servers;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Edns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Tools.Dig;

/// <summary>Answers in the shape of dig's output, which people and scripts know; what dig does not have follows its pattern.</summary>
internal static class DigText
{
    private static readonly (DnsFlags Flag, string Name)[] FlagNames =
    [
        (DnsFlags.Response, "qr"), (DnsFlags.Authoritative, "aa"), (DnsFlags.Truncated, "tc"), (DnsFlags.RecursionDesired, "rd"),
        (DnsFlags.RecursionAvailable, "ra"), (DnsFlags.AuthenticData, "ad"), (DnsFlags.CheckingDisabled, "cd"),
    ];

    internal static string Whole(DigAnswer answer, DateTimeOffset now)
    {
        var text = new StringBuilder();
        var message = answer.Message;
        var header = message.Header;
        text.Append("\n;; Got answer:\n");
        Line(text, $";; ->>HEADER<<- opcode: {header.Opcode.ToString().ToUpperInvariant()}, status: {DnsTypeNames.NameOf(message.Rcode)}, id: {header.Id}");
        Line(text, $";; flags: {Flags(header.Flags)}; QUERY: {header.QuestionCount}, ANSWER: {header.AnswerCount}, AUTHORITY: {header.AuthorityCount}, ADDITIONAL: {header.AdditionalCount}");
        text.Append('\n');
        if (message.Edns is { } edns)
            AppendEdns(text, edns);
        text.Append(";; QUESTION SECTION:\n");
        foreach (var question in message.Questions)
            Line(text, $";{question.Name,-30}\t{DnsTypeNames.NameOf(question.Class)}\t{DnsTypeNames.NameOf(question.Type)}");
        AppendSection(text, "ANSWER", message.Answers);
        AppendSection(text, "AUTHORITY", message.Authorities);
        AppendSection(text, "ADDITIONAL", message.Additionals);
        text.Append('\n');
        if (answer.Validation is { } validation)
            Line(text, $";; DNSSEC: {validation}");
        Line(text, $";; Query time: {answer.Reply.Total.TotalMilliseconds:0} msec");
        AppendWay(text, answer.Reply, answer.Server);
        Line(text, $";; WHEN: {now:ddd MMM dd HH:mm:ss} UTC {now:yyyy}");
        Line(text, $";; MSG SIZE  rcvd: {answer.Reply.Message.Length}");
        return text.ToString();
    }

    /// <summary>The data of the answer section alone.</summary>
    internal static string Short(DnsMessage message)
    {
        var text = new StringBuilder();
        foreach (var record in message.Answers)
            Line(text, $"{DnsDataText.Format(record.Type, record.Data.Span)}");
        return text.ToString();
    }

    /// <summary>One step of a walk: the records that lead on, and who said so.</summary>
    internal static string Step(Gatehouse.Dns.Resolver.WalkStep step)
    {
        var text = new StringBuilder();
        foreach (var record in (IEnumerable<DnsRecord>)[.. step.Message.Answers, .. step.Message.Authorities])
            Line(text, $"{record}");
        Line(text, $";; Received {step.Reply.Message.Length} bytes from {step.Reply.Endpoint.Address}#{step.Reply.Endpoint.Port}({step.Server}) in {step.Reply.Total.TotalMilliseconds:0.0} ms, {DnsTypeNames.NameOf(step.Message.Rcode)}, zone {step.Zone}");
        text.Append('\n');
        return text.ToString();
    }

    internal static string Protocol(ServerProtocol protocol) => protocol switch
    {
        ServerProtocol.Udp => "UDP",
        ServerProtocol.Tcp => "TCP",
        ServerProtocol.Tls => "TLS",
        ServerProtocol.Https => "HTTPS",
        _ => protocol.ToString(),
    };

    internal static IEnumerable<string> FlagsOf(DnsFlags flags) => FlagNames.Where(known => (flags & known.Flag) != 0).Select(static known => known.Name);

    private static string Flags(DnsFlags flags) => string.Join(' ', FlagsOf(flags));

    private static void AppendEdns(StringBuilder text, DnsEdns edns)
    {
        text.Append(";; OPT PSEUDOSECTION:\n");
        Line(text, $"; EDNS: version: {edns.Version}, flags:{(edns.DnssecOk ? " do" : "")}; udp: {edns.UdpSize}");
        foreach (var option in edns.Options)
        {
            var data = option.Data.Span;
            if (option.Code == DnsOptionCode.ExtendedError && DnsExtendedError.TryRead(data, out var error))
                Line(text, $"; EDE: {error.Code} ({error.Reason}){(error.Text.Length > 0 ? $": ({error.Text})" : "")}");
            else if (option.Code == DnsOptionCode.ClientSubnet && DnsClientSubnet.TryRead(data, out var subnet))
                Line(text, $"; CLIENT-SUBNET: {subnet.Address}/{subnet.SourceLength}/{subnet.ScopeLength}");
            else if (option.Code == DnsOptionCode.Padding)
                Line(text, $"; PAD: ({data.Length} bytes)");
            else
                Line(text, $"; {option.Code.ToString().ToUpperInvariant()}: {Convert.ToHexStringLower(data)}");
        }
    }

    private static void AppendSection(StringBuilder text, string name, IReadOnlyList<DnsRecord> records)
    {
        if (records.Count == 0)
            return;
        Line(text, $"\n;; {name} SECTION:");
        foreach (var record in records)
            Line(text, $"{record.Name,-24}\t{record.TimeToLive}\t{DnsTypeNames.NameOf(record.Class)}\t{DnsTypeNames.NameOf(record.Type)}\t{DnsDataText.Format(record.Type, record.Data.Span)}");
    }

    private static void AppendWay(StringBuilder text, ServerReply reply, string server)
    {
        Line(text, $";; SERVER: {reply.Endpoint.Address}#{reply.Endpoint.Port}({server}) ({Protocol(reply.Protocol)})");
        if (reply.Protocol != ServerProtocol.Udp)
            Line(text, $";; TIMING: connected {reply.Connected.TotalMilliseconds:0.0} ms, answered {(reply.Total - reply.Connected).TotalMilliseconds:0.0} ms later");
        if (reply.Tls is not { } tls)
            return;
        Line(text, $";; TLS: {tls.Version}, {tls.CipherSuite}{(tls.Protocol is { } alpn ? $", {alpn}" : "")}");
        if (tls.Peer is { } peer)
        {
            Line(text, $";; CERTIFICATE: {peer.Subject}, for {string.Join(", ", peer.Names)}, issued by {peer.Issuer}, valid until {peer.NotAfter.UtcDateTime:yyyy-MM-dd}");
            Line(text, $";; KEY: sha256/{ServerKey.PinOf(peer)}");
        }
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
