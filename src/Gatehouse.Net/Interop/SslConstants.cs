namespace Gatehouse.Net.Interop;

/// <summary>Numbers of OpenSSL 3's ssl.h, tls1.h, bio.h and x509_vfy.h, and of the TLS registry.</summary>
internal static class SslConstants
{
    internal const int ControlMode = 33;
    internal const int ControlReadAhead = 41;
    internal const int ControlSessionCache = 44;
    internal const int ControlHostName = 55;
    internal const int ControlStatusCallback = 63;
    internal const int ControlStatusType = 65;
    internal const int ControlStatusResponse = 71;
    internal const int ControlChainCertificate = 89;
    internal const int ControlGroups = 92;
    internal const int ControlMinVersion = 123;
    internal const int ControlMaxVersion = 124;

    internal const ulong OptionNoCompression = 1 << 17;
    internal const ulong OptionPrioritizeChaCha = 1 << 21;
    internal const ulong OptionServerPreference = 1 << 22;
    internal const ulong OptionNoRenegotiation = 1 << 30;

    internal const int ModePartialWrite = 0x1;
    internal const int ModeMovingBuffer = 0x2;
    internal const int ModeReleaseBuffers = 0x10;

    internal const int CacheOff = 0;
    internal const int CacheClientOutside = 0x1 | 0x200 | 0x100;

    internal const int VerifyNone = 0;
    internal const int VerifyPeer = 1;
    internal const int VerifyRequired = 2;

    internal const int ErrorSsl = 1;
    internal const int ErrorWantRead = 2;
    internal const int ErrorWantWrite = 3;
    internal const int ErrorSystem = 5;
    internal const int ErrorZeroReturn = 6;
    internal const int ErrorWantHello = 11;

    internal const int HelloProceed = 1;
    internal const int HelloRefuse = 0;
    internal const int HelloWait = -1;

    internal const int ExtensionOk = 0;
    internal const int ExtensionFatal = 2;
    internal const int ExtensionIgnore = 3;

    internal const uint ExtensionServerName = 0;
    internal const uint ExtensionAlpn = 16;

    internal const int BioRead = 0x1;
    internal const int BioWrite = 0x2;
    internal const int BioRetry = 0x8;
    internal const int BioAny = 0xF;
    internal const int BioControlEnd = 2;
    internal const int BioControlFlush = 11;

    // BIO_TYPE_SOURCE_SINK with a number of our own (BIO_TYPE_START is 128).
    internal const int BioType = 0x400 | 200;

    internal const int ReasonUnexpectedEnd = 294;
    internal const int ReasonPlainHttp = 156;

    internal const uint HostNoPartialWildcards = 0x4;
    internal const uint HostNeverSubject = 0x20;
    internal const int StorePartialChain = 0x80000;
    internal const int VerifyHostMismatch = 62;
    internal const int VerifyAddressMismatch = 64;

    internal const int StatusTypeOcsp = 1;
    internal const int ParameterText = 4;

    internal const int Tls12 = 0x0303;
    internal const int Tls13 = 0x0304;

    internal const int AlertInternalError = 80;
    internal const int AlertUnrecognizedName = 112;
}
