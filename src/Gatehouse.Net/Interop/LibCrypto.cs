using System.Runtime.InteropServices;

namespace Gatehouse.Net.Interop;

/// <summary>OpenSSL 3's libcrypto, as far as TLS needs it: errors, BIOs, certificates, keys. Objects are raw pointers; who makes one frees it.</summary>
internal static unsafe partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";

    // Sets a counter of the thread to zero; neither blocks nor calls back.
    [LibraryImport(Library, EntryPoint = "ERR_clear_error"), SuppressGCTransition]
    internal static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "ERR_get_error")]
    internal static partial ulong TakeError();

    [LibraryImport(Library, EntryPoint = "ERR_reason_error_string")]
    internal static partial byte* Reason(ulong error);

    [LibraryImport(Library, EntryPoint = "BIO_meth_new")]
    internal static partial nint NewBioMethod(int type, byte* name);

    [LibraryImport(Library, EntryPoint = "BIO_meth_set_read")]
    internal static partial int SetBioRead(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> read);

    [LibraryImport(Library, EntryPoint = "BIO_meth_set_write")]
    internal static partial int SetBioWrite(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> write);

    [LibraryImport(Library, EntryPoint = "BIO_meth_set_ctrl")]
    internal static partial int SetBioControl(nint method, delegate* unmanaged[Cdecl]<nint, int, nint, void*, nint> control);

    [LibraryImport(Library, EntryPoint = "BIO_new")]
    internal static partial nint NewBio(nint method);

    [LibraryImport(Library, EntryPoint = "BIO_set_init")]
    internal static partial void SetBioReady(nint bio, int ready);

    [LibraryImport(Library, EntryPoint = "BIO_set_flags"), SuppressGCTransition]
    internal static partial void SetBioFlags(nint bio, int flags);

    [LibraryImport(Library, EntryPoint = "BIO_clear_flags"), SuppressGCTransition]
    internal static partial void ClearBioFlags(nint bio, int flags);

    [LibraryImport(Library, EntryPoint = "d2i_X509")]
    internal static partial nint ReadCertificate(nint* reuse, byte** der, CLong length);

    [LibraryImport(Library, EntryPoint = "i2d_X509")]
    internal static partial int WriteCertificate(nint certificate, byte** der);

    [LibraryImport(Library, EntryPoint = "X509_free")]
    internal static partial void FreeCertificate(nint certificate);

    [LibraryImport(Library, EntryPoint = "d2i_AutoPrivateKey")]
    internal static partial nint ReadPrivateKey(nint* reuse, byte** der, CLong length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    internal static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "X509_STORE_add_cert")]
    internal static partial int AddToStore(nint store, nint certificate);

    [LibraryImport(Library, EntryPoint = "X509_STORE_set_flags")]
    internal static partial int SetStoreFlags(nint store, CULong flags);

    [LibraryImport(Library, EntryPoint = "X509_STORE_CTX_get_error")]
    internal static partial int VerifyError(nint context);

    [LibraryImport(Library, EntryPoint = "X509_STORE_CTX_get_current_cert")]
    internal static partial nint VerifiedCertificate(nint context);

    [LibraryImport(Library, EntryPoint = "X509_verify_cert_error_string")]
    internal static partial byte* VerifyErrorText(CLong error);

    [LibraryImport(Library, EntryPoint = "X509_VERIFY_PARAM_set1_ip_asc")]
    internal static partial int SetExpectedAddress(nint parameters, byte* address);

    [LibraryImport(Library, EntryPoint = "EVP_aes_256_cbc")]
    internal static partial nint Aes256Cbc();

    [LibraryImport(Library, EntryPoint = "EVP_CipherInit_ex")]
    internal static partial int StartCipher(nint context, nint cipher, nint engine, byte* key, byte* vector, int encrypt);

    [LibraryImport(Library, EntryPoint = "EVP_MAC_init")]
    internal static partial int StartMac(nint context, byte* key, nuint length, Parameter* parameters);

    [LibraryImport(Library, EntryPoint = "CRYPTO_malloc")]
    internal static partial byte* Allocate(nuint length, byte* file, int line);

    /// <summary>OSSL_PARAM.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Parameter
    {
        internal byte* Key;
        internal uint Type;
        internal void* Data;
        internal nuint Size;
        internal nuint Returned;
    }
}
