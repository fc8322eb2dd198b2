using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>Who hears of answers that came later. On the reactor.</summary>
internal interface IReplySink
{
    /// <summary>Sends the answer.</summary>
    /// <param name="answer">The message; only while the call lasts.</param>
    /// <param name="peer">Where the query came from, for who serves many.</param>
    /// <param name="state">What was given with the query.</param>
    /// <param name="left">Seconds for which the answer may be kept.</param>
    void Reply(ReadOnlySpan<byte> answer, in Endpoint peer, object? state, uint left);
}
