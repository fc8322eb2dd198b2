using System.Security.Cryptography;
using System.Text;
using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Interop;

/// <summary>
/// An SSL object over a carrier, on the carrier's reactor. libssl moves its bytes by calling back into the carrier, so that a carrier of any kind keeps
/// what it knows (an empty receive queue is not read again), and received bytes are copied by nobody in between. Each call first empties the thread's error queue, which
/// the runtime uses too.
/// </summary>
internal sealed unsafe partial class SslConnection
{
    [ThreadStatic]
    private static SslConnection? _current;

    private readonly Transport _carrier;
    private nint _ssl;
    private int _verifyError;
    private byte[]? _refusedCertificate;

    private SslConnection(Transport carrier, ISslOwner owner, SslContext context)
    {
        _carrier = carrier;
        Owner = owner;
        LibCrypto.ClearErrors();
        _ssl = LibSsl.New(context.Pointer);
        GC.KeepAlive(context);
        if (_ssl == 0)
            throw new CryptographicException($"OpenSSL has no connection to give: {SslErrors.Take()}.");
        var bio = SslCallbacks.NewBio();
        LibSsl.SetBio(_ssl, bio, bio);
    }

    /// <summary>The connection whose call into libssl is under way on this thread.</summary>
    internal static SslConnection? Current => _current;

    /// <summary>Who is asked in the middle of the handshake.</summary>
    internal ISslOwner Owner { get; set; }

    /// <summary>How the last call that moved nothing ended.</summary>
    internal SslStep Step { get; private set; }

    /// <summary>The errno of a carrier that failed; 0 when it ended.</summary>
    internal int Errno { get; private set; }

    /// <summary>What the protocol found wrong, for people.</summary>
    internal string? Fault { get; private set; }

    /// <summary>True when the peer spoke HTTP without TLS.</summary>
    internal bool IsPlainHttp { get; private set; }

    /// <summary>True once the carrier's stream has ended.</summary>
    internal bool HasCarrierEnded { get; private set; }

    /// <summary>The number of a verification that failed, and the certificate that it failed at as DER; 0 and null without.</summary>
    internal (int Error, byte[]? Certificate) Verification => (_verifyError, _refusedCertificate);

    /// <summary>True while libssl holds received bytes that were not read.</summary>
    internal bool HasPending => LibSsl.HasPending(_ssl) != 0;

    /// <summary>The server's side of a connection.</summary>
    internal static SslConnection Accept(Transport carrier, ISslOwner owner, SslContext context)
    {
        var connection = new SslConnection(carrier, owner, context);
        LibSsl.SetAccept(connection._ssl);
        return connection;
    }

    /// <summary>The client's side of a connection.</summary>
    /// <param name="carrier">What carries it.</param>
    /// <param name="owner">Who is asked.</param>
    /// <param name="context">Its settings.</param>
    /// <param name="name">The name or address that the server's certificate must be for; a name is told to the server (SNI).</param>
    /// <param name="isAddress">True when it is an address.</param>
    /// <param name="verify">Whether the certificate must be for that name.</param>
    internal static SslConnection Connect(Transport carrier, ISslOwner owner, SslContext context, string name, bool isAddress, bool verify)
    {
        var connection = new SslConnection(carrier, owner, context);
        LibSsl.SetConnect(connection._ssl);
        fixed (byte* text = Encoding.ASCII.GetBytes(name + "\0"))
        {
            if (!isAddress)
                _ = LibSsl.Control(connection._ssl, SslConstants.ControlHostName, default, text);
            if (!verify)
                return connection;
            LibSsl.SetHostFlags(connection._ssl, SslConstants.HostNeverSubject | SslConstants.HostNoPartialWildcards);
            if (isAddress)
                _ = LibCrypto.SetExpectedAddress(LibSsl.VerifyParameters(connection._ssl), text);
            else
                _ = LibSsl.SetExpectedHost(connection._ssl, text);
        }

        return connection;
    }

    /// <summary>Resumes a session, which stays the caller's.</summary>
    internal void Resume(SslSession session) => _ = LibSsl.SetSession(_ssl, session.Pointer);

    /// <summary>In the middle of a hello: goes on with another context, and asks the client for a certificate as <paramref name="verify"/> says.</summary>
    internal void Use(SslContext context, int verify)
    {
        _ = LibSsl.SwitchContext(_ssl, context.Pointer);
        GC.KeepAlive(context);
        LibSsl.SetVerify(_ssl, verify, verify == SslConstants.VerifyNone ? null : &SslCallbacks.OnVerify);
    }

    /// <summary>Goes on with the handshake. Done may leave sealed bytes (tickets) for <see cref="Flush"/>.</summary>
    internal SslStep Handshake()
    {
        do
        {
            if (HasSealed && !TryFlush())
                return Step;
            var outer = Enter();
            _gathered = _carrier.Reactor.Buffers.Rent();
            _isGathering = true;
            var result = LibSsl.Handshake(_ssl);
            if (result != 1)
                Note(result);
            else
                Step = SslStep.Done;
            Leave(outer);
        }
        while (Step == SslStep.WantsWrite);

        // What it sent leaves whatever became of it; a failure to send is told when it is tried again.
        if (HasSealed)
        {
            var (step, errno) = (Step, Errno);
            if (!TryFlush() && step == SslStep.WantsRead)
                return Step;
            (Step, Errno) = (step, errno);
        }

        return Step;
    }

    /// <summary>Reads: the bytes read, or 0 or less, and then <see cref="Step"/> says why.</summary>
    internal int Read(Span<byte> buffer)
    {
        var outer = Enter();
        int moved;
        fixed (byte* start = buffer)
            moved = LibSsl.Read(_ssl, start, buffer.Length);
        if (moved <= 0)
            Note(moved);
        _current = outer;
        return moved;
    }

    /// <summary>Sends close_notify: Done when it is on its way.</summary>
    internal SslStep Shutdown()
    {
        var outer = Enter();
        var result = LibSsl.Shutdown(_ssl);
        if (result < 0)
            Note(result);
        else
            Step = SslStep.Done;
        _current = outer;
        return Step;
    }

    /// <summary>Frees the SSL object; nothing may be called after it.</summary>
    internal void Free()
    {
        if (_ssl == 0)
            return;
        LibSsl.Free(_ssl);
        _ssl = 0;
        DropSealed();
    }

    /// <summary>The version of TLS, by its number on the wire.</summary>
    internal int Version => LibSsl.Version(_ssl);

    /// <summary>The suite in use: a pointer to the registry's name of it, which lives as long as libssl.</summary>
    internal nint CipherName => LibSsl.Cipher(_ssl) is var cipher and not 0 ? (nint)LibSsl.CipherName(cipher) : 0;

    /// <summary>True when an earlier session was resumed.</summary>
    internal bool IsResumed => LibSsl.IsResumed(_ssl) != 0;

    /// <summary>The protocol that ALPN agreed on; empty for none.</summary>
    internal ReadOnlySpan<byte> Protocol
    {
        get
        {
            byte* protocol;
            uint length;
            LibSsl.SelectedProtocol(_ssl, &protocol, &length);
            return new ReadOnlySpan<byte>(protocol, (int)length);
        }
    }

    /// <summary>The peer's certificate as DER, or null.</summary>
    internal byte[]? PeerCertificate()
    {
        var certificate = LibSsl.PeerCertificate(_ssl);
        if (certificate == 0)
            return null;
        var der = SslCallbacks.Der(certificate);
        LibCrypto.FreeCertificate(certificate);
        return der;
    }

    internal void NoteVerification(int error, nint certificate)
    {
        _verifyError = error;
        _refusedCertificate = certificate == 0 ? null : SslCallbacks.Der(certificate);
    }

    internal int ReadCarrier(Span<byte> buffer, out bool waits)
    {
        var result = _carrier.Read(buffer);
        waits = result.IsWouldBlock;
        if (result.IsDone)
            return result.Count;
        if (result.IsEndOfStream)
        {
            HasCarrierEnded = true;
            return 0;
        }

        Errno = result.Errno;
        return -1;
    }

    private SslConnection? Enter()
    {
        var outer = _current;
        _current = this;
        Errno = 0;
        LibCrypto.ClearErrors();
        return outer;
    }

    private void Note(int result)
    {
        Step = LibSsl.Error(_ssl, result) switch
        {
            SslConstants.ErrorWantRead => SslStep.WantsRead,
            SslConstants.ErrorWantWrite => SslStep.WantsWrite,
            SslConstants.ErrorWantHello => SslStep.WantsCertificate,
            SslConstants.ErrorZeroReturn => SslStep.Ended,
            SslConstants.ErrorSystem => SslStep.CarrierFailed,
            _ => NoteFault(),
        };
    }

    private SslStep NoteFault()
    {
        var text = SslErrors.Take(out var reason);
        if (reason == SslConstants.ReasonUnexpectedEnd)
        {
            // The alert that libssl sends then may have failed as well.
            Errno = 0;
            return SslStep.CarrierFailed;
        }

        if (Errno != 0)
            return SslStep.CarrierFailed;
        IsPlainHttp = reason == SslConstants.ReasonPlainHttp;
        Fault = text;
        return SslStep.Failed;
    }
}
