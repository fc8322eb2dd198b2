using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Net.Interop;

/// <summary>An SSL_CTX: settings, certificate and trust that connections share. Made once, then used by all reactors.</summary>
internal sealed unsafe class SslContext : SafeHandle
{
    // Mozilla's intermediate set of 2025 without finite-field key exchange: forward secret, authenticated encryption only.
    private static ReadOnlySpan<byte> Ciphers =>
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"u8 +
        "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305\0"u8;

    private static ReadOnlySpan<byte> Suites => "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256\0"u8;

    private static ReadOnlySpan<byte> Groups => "X25519:P-256:P-384\0"u8;

    private SslContext(nint context)
        : base(0, ownsHandle: true) => SetHandle(context);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    internal nint Pointer => handle;

    /// <summary>A context for servers, without a certificate: its connections get one when the client's hello is there.</summary>
    internal static SslContext ForServer()
    {
        var context = New(LibSsl.ServerMethod());
        _ = LibSsl.SetContextOptions(context.handle,
            SslConstants.OptionNoCompression | SslConstants.OptionNoRenegotiation | SslConstants.OptionServerPreference | SslConstants.OptionPrioritizeChaCha);
        // Sessions live in tickets only: nothing grows with the number of clients.
        context.Control(SslConstants.ControlSessionCache, SslConstants.CacheOff);
        SslCallbacks.Install(context.handle);
        return context;
    }

    /// <summary>A context for clients; their sessions are kept by who asks for them.</summary>
    internal static SslContext ForClient()
    {
        var context = New(LibSsl.ClientMethod());
        _ = LibSsl.SetContextOptions(context.handle, SslConstants.OptionNoCompression | SslConstants.OptionNoRenegotiation);
        context.Control(SslConstants.ControlSessionCache, SslConstants.CacheClientOutside);
        SslCallbacks.InstallClient(context.handle);
        return context;
    }

    /// <summary>The versions that are spoken, by their numbers on the wire.</summary>
    internal void SetVersions(int least, int most)
    {
        Control(SslConstants.ControlMinVersion, least);
        Control(SslConstants.ControlMaxVersion, most);
    }

    /// <summary>Replaces the suites of TLS 1.2 (OpenSSL's names) and of 1.3.</summary>
    /// <exception cref="CryptographicException">None of them is known.</exception>
    internal void SetCiphers(string? ciphers, string? suites)
    {
        if (ciphers is not null)
            fixed (byte* list = Terminated(ciphers))
                Require(LibSsl.SetCiphers(handle, list) == 1, "a list of TLS 1.2 cipher suites by OpenSSL's names", ciphers);
        if (suites is not null)
            fixed (byte* list = Terminated(suites))
                Require(LibSsl.SetSuites(handle, list) == 1, "a list of TLS 1.3 cipher suites", suites);
    }

    /// <summary>How many tickets a full handshake of TLS 1.3 gives, and for how long they and those of 1.2 are good.</summary>
    internal void SetTickets(int count, TimeSpan time)
    {
        _ = LibSsl.SetTickets(handle, (nuint)count);
        _ = LibSsl.SetSessionTime(handle, new CLong((int)time.TotalSeconds));
    }

    /// <summary>Which sessions may be resumed under this context: those with the same scope of up to 32 bytes.</summary>
    internal void SetSessionScope(ReadOnlySpan<byte> scope)
    {
        fixed (byte* start = scope)
            _ = LibSsl.SetSessionScope(handle, start, (uint)scope.Length);
    }

    /// <summary>The certificate, chain and key that this side presents.</summary>
    /// <exception cref="CryptographicException">One of them cannot be read, or the key is not the certificate's.</exception>
    internal void Use(IReadOnlyList<ReadOnlyMemory<byte>> chain, ReadOnlySpan<byte> key)
    {
        for (var i = 0; i < chain.Count; i++)
        {
            var certificate = Certificate(chain[i].Span);
            LibCrypto.ClearErrors();
            var used = i == 0
                ? LibSsl.UseCertificate(handle, certificate)
                : (int)LibSsl.ControlContext(handle, SslConstants.ControlChainCertificate, new CLong(1), (void*)certificate).Value;
            LibCrypto.FreeCertificate(certificate);
            if (used != 1)
                throw new CryptographicException($"Certificate {i + 1} of the chain is not accepted: {SslErrors.Take()}.");
        }

        var pointer = Key(key);
        LibCrypto.ClearErrors();
        var matches = LibSsl.UseKey(handle, pointer) == 1 && LibSsl.CheckKey(handle) == 1;
        LibCrypto.FreeKey(pointer);
        LibCrypto.ClearErrors();
        if (!matches)
            throw new CryptographicException("The private key is not the one of the certificate.");
    }

    /// <summary>Trusts these authorities only. An intermediate that is named is trusted as it stands.</summary>
    internal void Trust(IReadOnlyList<ReadOnlyMemory<byte>> authorities, bool tellClients)
    {
        var store = LibSsl.Store(handle);
        _ = LibCrypto.SetStoreFlags(store, new CULong(SslConstants.StorePartialChain));
        foreach (var authority in authorities)
        {
            var certificate = Certificate(authority.Span);
            _ = LibCrypto.AddToStore(store, certificate);
            if (tellClients)
                _ = LibSsl.AddClientAuthority(handle, certificate);
            LibCrypto.FreeCertificate(certificate);
        }
    }

    /// <summary>Trusts what the operating system trusts, or what SSL_CERT_FILE and SSL_CERT_DIR name.</summary>
    internal void TrustSystem() => _ = LibSsl.UseSystemStore(handle);

    /// <summary>Verifies the server, and keeps what is found wrong for a message; or does not look.</summary>
    internal void VerifyServer(bool verify) =>
        LibSsl.SetContextVerify(handle, verify ? SslConstants.VerifyPeer : SslConstants.VerifyNone, verify ? &SslCallbacks.OnVerify : null);

    /// <summary>The protocols that a client offers by ALPN, each after its length.</summary>
    internal void Offer(ReadOnlySpan<byte> protocols)
    {
        fixed (byte* start = protocols)
            _ = LibSsl.SetAlpnOffer(handle, start, (uint)protocols.Length);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibSsl.FreeContext(handle);
        return true;
    }

    private static SslContext New(nint method)
    {
        LibCrypto.ClearErrors();
        var pointer = LibSsl.NewContext(method);
        if (pointer == 0)
            throw new CryptographicException($"OpenSSL has no context to give: {SslErrors.Take()}.");
        var context = new SslContext(pointer);
        context.Control(SslConstants.ControlMode, SslConstants.ModePartialWrite | SslConstants.ModeMovingBuffer | SslConstants.ModeReleaseBuffers);

        // One read takes what is there, instead of a record's head and then its body.
        context.Control(SslConstants.ControlReadAhead, 1);
        context.SetVersions(SslConstants.Tls12, SslConstants.Tls13);
        fixed (byte* ciphers = Ciphers, suites = Suites, groups = Groups)
        {
            _ = LibSsl.SetCiphers(pointer, ciphers);
            _ = LibSsl.SetSuites(pointer, suites);
            _ = LibSsl.ControlContext(pointer, SslConstants.ControlGroups, default, groups);
        }

        return context;
    }

    private static nint Certificate(ReadOnlySpan<byte> der)
    {
        LibCrypto.ClearErrors();
        fixed (byte* start = der)
        {
            var next = start;
            var certificate = LibCrypto.ReadCertificate(null, &next, new CLong(der.Length));
            return certificate != 0 ? certificate : throw new CryptographicException($"A certificate cannot be read: {SslErrors.Take()}.");
        }
    }

    private static nint Key(ReadOnlySpan<byte> der)
    {
        LibCrypto.ClearErrors();
        fixed (byte* start = der)
        {
            var next = start;
            var key = LibCrypto.ReadPrivateKey(null, &next, new CLong(der.Length));
            return key != 0 ? key : throw new CryptographicException($"The private key cannot be read: {SslErrors.Take()}.");
        }
    }

    private static byte[] Terminated(string text) => Encoding.ASCII.GetBytes(text + "\0");

    private static void Require(bool isKnown, string expected, string found)
    {
        LibCrypto.ClearErrors();
        if (!isKnown)
            throw new CryptographicException($"Expected {expected}; found '{found}'.");
    }

    private void Control(int command, int number) => _ = LibSsl.ControlContext(handle, command, new CLong(number), null);
}
