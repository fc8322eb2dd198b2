using Gatehouse.Net.Interop;
using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Tls;

/// <content>The client's handshake.</content>
public sealed partial class TlsTransport : Reactors.IReactorWork
{
    private readonly TlsClientOwner? _client;

    private TlsTransport(Transport carrier, TlsClient client, string name)
        : base(carrier.Reactor)
    {
        _carrier = carrier;
        _client = new TlsClientOwner(client, name);
        _ssl = _client.Begin(carrier);
        _state = State.Opening;
        carrier.Events = this;
    }

    /// <summary>
    /// Starts the client's side of TLS over a carrier that stands, or is still connecting, and which is the transport's own from now on.
    /// <see cref="ITransportEvents.OnWritable"/> follows in a later turn when the handshake is over, or <see cref="ITransportEvents.OnBroken"/> and then
    /// <see cref="Transport.Fault"/> says why; the caller sets the time limit.
    /// </summary>
    /// <param name="carrier">What carries it.</param>
    /// <param name="client">Its settings.</param>
    /// <param name="name">The host name or address that the server's certificate must be for.</param>
    /// <param name="events">Who is told.</param>
    public static TlsTransport Connect(Transport carrier, TlsClient client, string name, ITransportEvents events)
    {
        var transport = new TlsTransport(carrier, client, name) { Events = events };
        carrier.Reactor.Post(transport);
        return transport;
    }

    void Reactors.IReactorWork.Run() => Open();

    private void Open()
    {
        if ((_state & State.Opening) == 0)
            return;
        switch (_ssl.Handshake())
        {
            case SslStep.Done:
                _state &= ~State.Opening;
                _facts = HandshakeFacts.Of(_ssl, _client!.Protocols, _client.Name, null);
                Events?.OnWritable();

                // Bytes that came with the end of the handshake bring no edge of their own.
                if (!IsClosed && _ssl.HasPending)
                    Events?.OnReadable();
                break;
            case SslStep.CarrierFailed when _ssl.Errno == 0:
                FailOpening(Errno.ConnectionReset, "the server ended the connection in the middle of the TLS handshake");
                break;
            case SslStep.CarrierFailed:
                FailOpening(_ssl.Errno, null);
                break;
            case SslStep.Failed:
                FailOpening(Errno.Protocol, $"TLS handshake: {TlsFaults.Describe(_ssl, _client!.Name)}");
                break;
        }
    }

    private void FailOpening(int errno, string? fault)
    {
        _fault = fault;
        Break(errno);
        Events?.OnBroken(errno);
    }
}
