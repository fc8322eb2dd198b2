using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gatehouse.Bench.Load.Handshakes;

/// <summary>One thread's libssl client, on blocking sockets, with the session that it resumes next. It verifies nothing: the probe has.</summary>
internal sealed unsafe partial class SessionClient : IDisposable
{
    private const string Library = "libssl.so.3";
    private const int SessionCacheMode = 44;
    private const int ClientOutside = 0x0001 | 0x0100 | 0x0200;

    [ThreadStatic] private static int _tickets;
    private readonly nint _context;
    private nint _session;

    public SessionClient()
    {
        _context = SSL_CTX_new(TLS_client_method());
        _ = SSL_CTX_ctrl(_context, SessionCacheMode, new CLong(ClientOutside), 0);
        SSL_CTX_sess_set_new_cb(_context, &OnTicket);
    }

    /// <summary>Tickets that this thread's connections have got.</summary>
    public static int Tickets => _tickets;

    /// <summary>Shakes hands, sends the request and reads to the end: whether the last session was resumed, and how many bytes came.</summary>
    /// <exception cref="IOException">The handshake or the exchange failed.</exception>
    public (bool IsResumed, int Read) Exchange(Socket socket, ReadOnlySpan<byte> request, Span<byte> buffer, bool resumes)
    {
        var ssl = SSL_new(_context);
        try
        {
            _ = SSL_set_fd(ssl, (int)socket.Handle);
            if (resumes && _session != 0) _ = SSL_set_session(ssl, _session);
            if (SSL_connect(ssl) != 1) throw new IOException("a handshake failed");
            var isResumed = SSL_session_reused(ssl) != 0;
            var total = 0;
            fixed (byte* sent = request, got = buffer)
            {
                if (SSL_write(ssl, sent, request.Length) != request.Length) throw new IOException("a request was not taken");
                int read;
                while ((read = SSL_read(ssl, got, buffer.Length)) > 0) total += read;
            }

            if (resumes)
            {
                if (_session != 0) SSL_SESSION_free(_session);
                _session = SSL_get1_session(ssl);
            }

            // Without this SSL_free takes the session for one that was cut off, and it may not be resumed.
            SSL_set_shutdown(ssl, 3);
            return (isResumed, total);
        }
        finally
        {
            SSL_free(ssl);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_session != 0) SSL_SESSION_free(_session);
        SSL_CTX_free(_context);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnTicket(nint ssl, nint session)
    {
        _tickets++;
        return 0;
    }

    [LibraryImport(Library)]
    private static partial nint TLS_client_method();

    [LibraryImport(Library)]
    private static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Library)]
    private static partial void SSL_CTX_free(nint context);

    [LibraryImport(Library)]
    private static partial CLong SSL_CTX_ctrl(nint context, int command, CLong number, nint argument);

    [LibraryImport(Library)]
    private static partial void SSL_CTX_sess_set_new_cb(nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callback);

    [LibraryImport(Library)]
    private static partial nint SSL_new(nint context);

    [LibraryImport(Library)]
    private static partial void SSL_free(nint ssl);

    [LibraryImport(Library)]
    private static partial int SSL_set_fd(nint ssl, int descriptor);

    [LibraryImport(Library)]
    private static partial int SSL_connect(nint ssl);

    [LibraryImport(Library)]
    private static partial int SSL_write(nint ssl, byte* data, int length);

    [LibraryImport(Library)]
    private static partial int SSL_read(nint ssl, byte* buffer, int length);

    [LibraryImport(Library)]
    private static partial void SSL_set_shutdown(nint ssl, int mode);

    [LibraryImport(Library)]
    private static partial int SSL_session_reused(nint ssl);

    [LibraryImport(Library)]
    private static partial int SSL_set_session(nint ssl, nint session);

    [LibraryImport(Library)]
    private static partial nint SSL_get1_session(nint ssl);

    [LibraryImport(Library)]
    private static partial void SSL_SESSION_free(nint session);
}
