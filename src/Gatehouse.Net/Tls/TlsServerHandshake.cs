using Gatehouse.Net.Interop;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.TlsHello;

namespace Gatehouse.Net.Tls;

/// <summary>
/// One handshake on the server's side. 1. The client's hello names a site and offers protocols; 2. the site's source gives the certificate, now or when it
/// is made; 3. libssl goes through with it; 4. the connection is given on. Ends by itself when its time is over.
/// </summary>
internal sealed class TlsServerHandshake : ITransportEvents, ITimerTarget, IReactorWork, ISslOwner
{
    // A refused client has its alert within a round trip, and what it had sent meanwhile is not much.
    private const int LingerMilliseconds = 2000;
    private const int LingerBytes = 64 * 1024;

    private static readonly byte[] AcmeProtocol = [.. "acme-tls/1"u8];

    private readonly TlsAcceptor _acceptor;
    private readonly TlsServer _server;
    private readonly Transport _carrier;
    private readonly SslConnection _ssl;
    private readonly ReactorTimer _timer;
    private TlsSite? _site;
    private TlsCertificate? _certificate;
    private Task<TlsCertificate?>? _awaited;
    private string? _name;
    private string? _refusal;
    private bool _isChallenge;
    private bool _isLingering;
    private bool _isOver;

    internal TlsServerHandshake(TlsAcceptor acceptor, TlsServer server, Transport carrier)
    {
        _acceptor = acceptor;
        _server = server;
        _carrier = carrier;
        _ssl = SslConnection.Accept(carrier, this, server.Context);
        carrier.Events = this;
        _timer = new ReactorTimer(carrier.Reactor, this);
        _timer.Arm((long)server.Options.HandshakeTime.TotalMilliseconds);
    }

    ReadOnlySpan<byte> ISslOwner.Staple => _certificate is { } certificate ? certificate.Staple.Span : default;

    SslTicketKeys? ISslOwner.TicketKeys => _server.Options.TicketKeys?.Current();

    public void OnReadable() => Advance();

    public void OnWritable() => Advance();

    public void OnBroken(int errno)
    {
        if (_isLingering)
            Leave();
        else
            Fail(Errno.Describe(errno));
    }

    public void OnTimer()
    {
        if (_isLingering)
            Leave();
        else
            Fail($"it was not over within {_server.Options.HandshakeTime.TotalSeconds:0.###} s");
    }

    /// <summary>The certificate that was awaited is made, or cannot be.</summary>
    void IReactorWork.Run() => Advance();

    /// <summary>Goes on as far as it can.</summary>
    internal void Advance()
    {
        if (_isOver)
            return;
        if (_isLingering)
        {
            Linger();
            return;
        }

        switch (_ssl.Handshake())
        {
            case SslStep.Done when _isChallenge:
                // The authority has seen what it came for (RFC 8737 section 3) and says nothing more.
                _ = _ssl.Shutdown();
                End();
                _carrier.Close();
                _acceptor.Failed(_carrier, $"no failure: the control of '{_name}' was proved to an ACME server");
                break;
            case SslStep.Done:
                End();
                Succeed();
                break;
            case SslStep.CarrierFailed:
                Fail(_ssl.Errno == 0 ? "the client ended the connection" : Errno.Describe(_ssl.Errno));
                break;
            case SslStep.Failed:
                if (_ssl.IsPlainHttp && !_server.Options.PlainHttpAnswer.IsEmpty)
                    _ = _carrier.Write(_server.Options.PlainHttpAnswer.Span);
                Refused(_refusal ?? TlsFaults.Describe(_ssl));
                break;
        }
    }

    int ISslOwner.OnClientHello(ReadOnlySpan<byte> serverName, ReadOnlySpan<byte> protocols, out int alert)
    {
        alert = SslConstants.AlertInternalError;
        try
        {
            if (_awaited is not null)
                return _awaited.IsCompleted ? Proceed(_awaited.GetAwaiter().GetResult(), ref alert) : SslConstants.HelloWait;
            if (!TryFindSite(serverName, out var name))
            {
                alert = SslConstants.AlertUnrecognizedName;
                return Refuse($"no site is named '{_name}'");
            }

            _isChallenge = ProtocolList.IndexOf(protocols, AcmeProtocol) >= 0;
            if (_isChallenge)
                return Proceed(_site!.Certificates.FindChallenge(name), ref alert);
            var found = _site!.Certificates.FindAsync(name);
            if (found.IsCompletedSuccessfully)
                return Proceed(found.Result, ref alert);
            _awaited = found.AsTask();
            _ = _awaited.ContinueWith(
                static (_, state) => ((TlsServerHandshake)state!).Resume(), this,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return SslConstants.HelloWait;
        }
        catch (Exception exception)
        {
            return Refuse($"the certificate for '{_name ?? "no name"}': {exception.Message}");
        }
    }

    int ISslOwner.PickProtocol(ReadOnlySpan<byte> offered) =>
        _isChallenge ? ProtocolList.IndexOf(offered, AcmeProtocol) : ProtocolList.Pick(offered, _server.ProtocolList);

    bool ISslOwner.OnSession(nint session) => false;

    private void Resume() => _carrier.Reactor.TryPost(this);

    private bool TryFindSite(ReadOnlySpan<byte> serverName, out string name)
    {
        Span<char> asked = stackalloc char[ServerNameExtension.MaxLength];
        var first = _server.Options.Sites[0];
        if (ServerNameExtension.TryRead(serverName, asked, out var length))
        {
            _name = name = new string(asked[..length]);
            _site = _server.Find(name);
            if (_site is not null)
                return true;
            if (_server.Options.RefuseUnknownNames)
                return false;
        }
        else
        {
            // An address is never sent as a name (RFC 6066 section 3), so a site that is named by one is found by where the client connected to.
            name = _carrier.LocalEndpoint.Address is { IsNone: false } address ? address.ToString() : "";
            _site = _server.Find(name);
            if (_site is not null)
                return true;
        }

        _site = first;
        name = first.Names.Count > 0 ? first.Names[0] : name;
        return true;
    }

    private int Proceed(TlsCertificate? certificate, ref int alert)
    {
        if (certificate is null)
        {
            alert = SslConstants.AlertUnrecognizedName;
            return Refuse($"there is no certificate for '{_name ?? "a client that asks for no name"}'");
        }

        _certificate = certificate;
        _ssl.Use(_site!.Prepared(certificate), _isChallenge ? SslConstants.VerifyNone : _site.VerifyMode);
        return SslConstants.HelloProceed;
    }

    private int Refuse(string reason)
    {
        _refusal = reason;
        return SslConstants.HelloRefuse;
    }

    private void Succeed()
    {
        var facts = HandshakeFacts.Of(_ssl, _server.Options.Protocols, _name, _site);
        _ssl.Owner = NoSslOwner.Instance;
        var transport = new TlsTransport(_carrier, _ssl, facts);
        try
        {
            _acceptor.Succeeded(transport);
        }
        catch
        {
            transport.Abort();
            throw;
        }
    }

    // The client is told why by an alert, which a reset would overtake if bytes of the client's were left unread.
    private void Refused(string reason)
    {
        _acceptor.Refused(_carrier, $"TLS handshake: {reason}");
        _isLingering = true;
        _carrier.ShutdownWrite();
        _timer.Arm(LingerMilliseconds);
        Linger();
    }

    private void Linger()
    {
        var scratch = _carrier.Reactor.Buffers.Rent();
        IoResult read;
        var left = LingerBytes;
        do
        {
            read = _carrier.Read(scratch);
            left -= read.Count;
        }
        while (read.IsDone && left > 0);
        _carrier.Reactor.Buffers.Return(scratch);
        if (!read.IsWouldBlock)
            Leave();
    }

    private void Leave()
    {
        if (_isOver)
            return;
        End();
        _ssl.Free();
        _carrier.Close();
        _acceptor.Left();
    }

    private void Fail(string reason)
    {
        if (_isOver)
            return;
        End();
        _ssl.Free();
        _carrier.Close();
        _acceptor.Failed(_carrier, $"TLS handshake: {reason}");
    }

    private void End()
    {
        _isOver = true;
        _timer.Release();
    }
}
