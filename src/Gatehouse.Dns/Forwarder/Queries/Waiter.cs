using Gatehouse.Dns.Forwarder.Answers;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>A client that waits for servers. Used again for others.</summary>
internal sealed class Waiter
{
    // Header and question: all that an answer repeats.
    private readonly byte[] _query = new byte[DnsHeader.Size + 255 + 4];

    internal QueryView View;
    internal Client Client;
    internal Endpoint Peer;
    internal IReplySink? Sink;
    internal object? State;
    internal long StartedAt;
    internal Waiter? Next;

    internal ReadOnlySpan<byte> Query => _query.AsSpan(0, View.QuestionEnd);

    internal void Set(ReadOnlySpan<byte> query, in QueryView view) => query[..(View = view).QuestionEnd].CopyTo(_query);
}
