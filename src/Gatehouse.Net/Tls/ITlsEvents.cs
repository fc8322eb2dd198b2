using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Net.Tls;

/// <summary>Who hears of connections that never got through their handshake, on the reactor where it happens. Must neither block nor throw.</summary>
public interface ITlsEvents
{
    /// <summary>A handshake failed; the connection is closed.</summary>
    void OnHandshakeFailed(Endpoint remote, string reason);
}
