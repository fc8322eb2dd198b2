using System.Runtime.InteropServices;

namespace Gatehouse.Net.Interop;

/// <summary>
/// OpenSSL 3's libssl, as far as it is used. None of these may keep the collector waiting (SuppressGCTransition): they call back into managed code, to
/// move bytes, to pick a certificate and a protocol, and for ticket keys.
/// </summary>
internal static unsafe partial class LibSsl
{
    private const string Library = "libssl.so.3";

    [LibraryImport(Library, EntryPoint = "TLS_server_method")]
    internal static partial nint ServerMethod();

    [LibraryImport(Library, EntryPoint = "TLS_client_method")]
    internal static partial nint ClientMethod();

    [LibraryImport(Library, EntryPoint = "SSL_CTX_new")]
    internal static partial nint NewContext(nint method);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_free")]
    internal static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_ctrl")]
    internal static partial CLong ControlContext(nint context, int command, CLong number, void* argument);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_callback_ctrl")]
    internal static partial CLong ControlContextCallback(nint context, int command, void* callback);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_options")]
    internal static partial ulong SetContextOptions(nint context, ulong options);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_cipher_list")]
    internal static partial int SetCiphers(nint context, byte* list);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_ciphersuites")]
    internal static partial int SetSuites(nint context, byte* list);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_use_certificate")]
    internal static partial int UseCertificate(nint context, nint certificate);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_use_PrivateKey")]
    internal static partial int UseKey(nint context, nint key);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_check_private_key")]
    internal static partial int CheckKey(nint context);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_client_hello_cb")]
    internal static partial void SetClientHello(nint context, delegate* unmanaged[Cdecl]<nint, int*, void*, int> callback, void* argument);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_alpn_select_cb")]
    internal static partial void SetAlpnSelect(
        nint context, delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, void*, int> callback, void* argument);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_alpn_protos")]
    internal static partial int SetAlpnOffer(nint context, byte* protocols, uint length);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_tlsext_ticket_key_evp_cb")]
    internal static partial int SetTicketKeys(nint context, delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint, nint, int, int> callback);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_num_tickets")]
    internal static partial int SetTickets(nint context, nuint count);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_timeout")]
    internal static partial CLong SetSessionTime(nint context, CLong seconds);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_session_id_context")]
    internal static partial int SetSessionScope(nint context, byte* scope, uint length);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_sess_set_new_cb")]
    internal static partial void SetNewSession(nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callback);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_get_cert_store")]
    internal static partial nint Store(nint context);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_default_verify_paths")]
    internal static partial int UseSystemStore(nint context);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_add_client_CA")]
    internal static partial int AddClientAuthority(nint context, nint certificate);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_verify")]
    internal static partial void SetContextVerify(nint context, int mode, delegate* unmanaged[Cdecl]<int, nint, int> callback);

    [LibraryImport(Library, EntryPoint = "SSL_new")]
    internal static partial nint New(nint context);

    [LibraryImport(Library, EntryPoint = "SSL_free")]
    internal static partial void Free(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_set_bio")]
    internal static partial void SetBio(nint ssl, nint read, nint write);

    [LibraryImport(Library, EntryPoint = "SSL_set_accept_state")]
    internal static partial void SetAccept(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_set_connect_state")]
    internal static partial void SetConnect(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_do_handshake")]
    internal static partial int Handshake(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_read")]
    internal static partial int Read(nint ssl, byte* buffer, int length);

    [LibraryImport(Library, EntryPoint = "SSL_write")]
    internal static partial int Write(nint ssl, byte* buffer, int length);

    [LibraryImport(Library, EntryPoint = "SSL_shutdown")]
    internal static partial int Shutdown(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_get_error")]
    internal static partial int Error(nint ssl, int result);

    [LibraryImport(Library, EntryPoint = "SSL_has_pending")]
    internal static partial int HasPending(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_ctrl")]
    internal static partial CLong Control(nint ssl, int command, CLong number, void* argument);

    [LibraryImport(Library, EntryPoint = "SSL_set_SSL_CTX")]
    internal static partial nint SwitchContext(nint ssl, nint context);

    [LibraryImport(Library, EntryPoint = "SSL_set_verify")]
    internal static partial void SetVerify(nint ssl, int mode, delegate* unmanaged[Cdecl]<int, nint, int> callback);

    [LibraryImport(Library, EntryPoint = "SSL_client_hello_get0_ext")]
    internal static partial int HelloExtension(nint ssl, uint type, byte** content, nuint* length);

    [LibraryImport(Library, EntryPoint = "SSL_get1_peer_certificate")]
    internal static partial nint PeerCertificate(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_get0_alpn_selected")]
    internal static partial void SelectedProtocol(nint ssl, byte** protocol, uint* length);

    [LibraryImport(Library, EntryPoint = "SSL_version")]
    internal static partial int Version(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_get_current_cipher")]
    internal static partial nint Cipher(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_CIPHER_standard_name")]
    internal static partial byte* CipherName(nint cipher);

    [LibraryImport(Library, EntryPoint = "SSL_session_reused")]
    internal static partial int IsResumed(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_set1_host")]
    internal static partial int SetExpectedHost(nint ssl, byte* name);

    [LibraryImport(Library, EntryPoint = "SSL_set_hostflags")]
    internal static partial void SetHostFlags(nint ssl, uint flags);

    [LibraryImport(Library, EntryPoint = "SSL_get0_param")]
    internal static partial nint VerifyParameters(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_set_session")]
    internal static partial int SetSession(nint ssl, nint session);

    [LibraryImport(Library, EntryPoint = "SSL_SESSION_free")]
    internal static partial void FreeSession(nint session);
}
