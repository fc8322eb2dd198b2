using Gatehouse.Net.Interop;

namespace Gatehouse.Net.Tls;

/// <summary>Owns connections whose handshake is over on the server's side: there is nothing left to ask.</summary>
internal sealed class NoSslOwner : ISslOwner
{
    internal static NoSslOwner Instance { get; } = new();

    public ReadOnlySpan<byte> Staple => default;

    public SslTicketKeys? TicketKeys => null;

    public int OnClientHello(ReadOnlySpan<byte> serverName, ReadOnlySpan<byte> protocols, out int alert)
    {
        alert = SslConstants.AlertInternalError;
        return SslConstants.HelloRefuse;
    }

    public int PickProtocol(ReadOnlySpan<byte> offered) => -1;

    public bool OnSession(nint session) => false;
}
