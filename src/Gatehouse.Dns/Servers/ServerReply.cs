using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Tls;

namespace Gatehouse.Dns.Servers;

/// <summary>The answer of a name server, and how it came.</summary>
/// <param name="Message">The message, with the id and the question as they were asked.</param>
/// <param name="Protocol">What it came over: TCP where the one over UDP was cut.</param>
/// <param name="Endpoint">The server.</param>
public sealed record ServerReply(ReadOnlyMemory<byte> Message, ServerProtocol Protocol, Endpoint Endpoint)
{
    /// <summary>What TLS agreed on, and the certificate; null without TLS.</summary>
    public TlsFacts? Tls { get; init; }

    /// <summary>From the start of the query until its connection stood; zero for one that stood already and over UDP.</summary>
    public TimeSpan Connected { get; init; }

    /// <summary>From the start of the query to its answer.</summary>
    public TimeSpan Total { get; init; }

    /// <summary>True when the connection had been used before.</summary>
    public bool IsReused { get; init; }
}
