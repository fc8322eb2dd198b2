using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gatehouse.Net.Interop;

/// <summary>
/// What libssl calls back, always from inside a call that <see cref="SslConnection"/> makes: the connection is the thread's current one. No exception may
/// leave them.
/// </summary>
internal static unsafe class SslCallbacks
{
    private static readonly nint BioMethod = MakeBioMethod();

    /// <summary>A BIO that moves bytes over the current connection's carrier.</summary>
    internal static nint NewBio()
    {
        var bio = LibCrypto.NewBio(BioMethod);
        LibCrypto.SetBioReady(bio, 1);
        return bio;
    }

    /// <summary>Sets the callbacks of a server's context.</summary>
    internal static void Install(nint context)
    {
        LibSsl.SetClientHello(context, &OnClientHello, null);
        LibSsl.SetAlpnSelect(context, &OnAlpnSelect, null);
        _ = LibSsl.SetTicketKeys(context, &OnTicketKey);
        _ = LibSsl.ControlContextCallback(context, SslConstants.ControlStatusCallback, (delegate* unmanaged[Cdecl]<nint, void*, int>)&OnStatus);
    }

    /// <summary>Sets the callbacks of a client's context.</summary>
    internal static void InstallClient(nint context) => LibSsl.SetNewSession(context, &OnNewSession);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int OnVerify(int isFine, nint context)
    {
        if (isFine == 0)
            SslConnection.Current?.NoteVerification(LibCrypto.VerifyError(context), LibCrypto.VerifiedCertificate(context));
        return isFine;
    }

    /// <summary>A certificate as DER.</summary>
    internal static byte[] Der(nint certificate)
    {
        var bytes = new byte[Math.Max(0, LibCrypto.WriteCertificate(certificate, null))];
        fixed (byte* start = bytes)
        {
            var next = start;
            _ = LibCrypto.WriteCertificate(certificate, &next);
        }

        return bytes;
    }

    private static nint MakeBioMethod()
    {
        fixed (byte* name = "transport\0"u8)
        {
            var method = LibCrypto.NewBioMethod(SslConstants.BioType, name);
            _ = LibCrypto.SetBioRead(method, &OnRead);
            _ = LibCrypto.SetBioWrite(method, &OnWrite);
            _ = LibCrypto.SetBioControl(method, &OnControl);
            return method;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnRead(nint bio, byte* buffer, int length)
    {
        LibCrypto.ClearBioFlags(bio, SslConstants.BioAny);
        var moved = SslConnection.Current!.ReadCarrier(new Span<byte>(buffer, length), out var waits);
        if (waits)
            LibCrypto.SetBioFlags(bio, SslConstants.BioRead | SslConstants.BioRetry);
        return moved;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnWrite(nint bio, byte* data, int length)
    {
        LibCrypto.ClearBioFlags(bio, SslConstants.BioAny);
        var moved = SslConnection.Current!.WriteCarrier(new ReadOnlySpan<byte>(data, length), out var waits);
        if (waits)
            LibCrypto.SetBioFlags(bio, SslConstants.BioWrite | SslConstants.BioRetry);
        return moved;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint OnControl(nint bio, int command, nint number, void* argument) => command switch
    {
        SslConstants.BioControlFlush => 1,
        SslConstants.BioControlEnd => SslConnection.Current is { HasCarrierEnded: true } ? 1 : 0,
        _ => 0,
    };

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnClientHello(nint ssl, int* alert, void* argument)
    {
        *alert = SslConstants.AlertInternalError;
        var protocols = Extension(ssl, SslConstants.ExtensionAlpn);
        var answer = SslConnection.Current!.Owner.OnClientHello(
            Extension(ssl, SslConstants.ExtensionServerName), protocols.Length > 2 ? protocols[2..] : default, out var refusal);
        if (answer == SslConstants.HelloRefuse)
            *alert = refusal;
        return answer;
    }

    private static ReadOnlySpan<byte> Extension(nint ssl, uint type)
    {
        byte* content;
        nuint length;
        return LibSsl.HelloExtension(ssl, type, &content, &length) == 1 ? new ReadOnlySpan<byte>(content, (int)length) : default;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnAlpnSelect(nint ssl, byte** selected, byte* selectedLength, byte* offered, uint length, void* argument)
    {
        var at = SslConnection.Current!.Owner.PickProtocol(new ReadOnlySpan<byte>(offered, (int)length));
        if (at < 1)
            return SslConstants.ExtensionFatal;
        *selected = offered + at;
        *selectedLength = offered[at - 1];
        return SslConstants.ExtensionOk;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnTicketKey(nint ssl, byte* name, byte* vector, nint cipher, nint mac, int encrypt)
    {
        var keys = SslConnection.Current!.Owner.TicketKeys;
        if (keys is null)
            return 0;

        // Each resumption of TLS 1.3 gets a new ticket, lest two connections can be linked (RFC 8446 appendix C.4).
        return encrypt != 0 ? keys.Seal(name, vector, cipher, mac) : keys.Open(name, vector, cipher, mac, LibSsl.Version(ssl) == SslConstants.Tls13);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnStatus(nint ssl, void* argument)
    {
        var staple = SslConnection.Current!.Owner.Staple;
        if (staple.IsEmpty)
            return SslConstants.ExtensionIgnore;
        var copy = LibCrypto.Allocate((nuint)staple.Length, null, 0);
        if (copy is null)
            return SslConstants.ExtensionIgnore;
        staple.CopyTo(new Span<byte>(copy, staple.Length));
        _ = LibSsl.Control(ssl, SslConstants.ControlStatusResponse, new CLong(staple.Length), copy);
        return SslConstants.ExtensionOk;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnNewSession(nint ssl, nint session) => SslConnection.Current is { } current && current.Owner.OnSession(session) ? 1 : 0;
}
