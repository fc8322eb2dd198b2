using Gatehouse.Protocols.Tls;

namespace Gatehouse.Edge.Logs;

/// <summary>What can be told of a connection over TLS, and of the client's certificate.</summary>
internal static class TlsValues
{
    /// <summary>The value of a variable from <see cref="LogVariable.TlsVersion"/> on; null for none.</summary>
    public static string? Of(TlsFacts tls, LogVariable variable) => variable switch
    {
        LogVariable.TlsVersion => tls.Version,
        LogVariable.TlsCipher => tls.CipherSuite,
        LogVariable.TlsProtocol => tls.Protocol,
        LogVariable.TlsName => tls.ServerName,
        LogVariable.TlsResumed => tls.IsResumed ? "yes" : "no",
        LogVariable.ClientSubject => tls.Peer?.Subject,
        LogVariable.ClientIssuer => tls.Peer?.Issuer,
        LogVariable.ClientSerial => tls.Peer?.SerialNumber,
        _ => tls.Peer?.Fingerprint,
    };
}
