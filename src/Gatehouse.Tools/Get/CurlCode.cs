using System.Security.Cryptography;
using Gatehouse.Http.Client;
using Gatehouse.Http.Content;

namespace Gatehouse.Tools.Get;

/// <summary>Exit codes, with curl's meanings (curl(1), EXIT CODES).</summary>
public static class CurlCode
{
#pragma warning disable CS1591 // each is curl's code of that name
    public const int Ok = 0;
    public const int UnsupportedProtocol = 1;
    public const int Usage = 2;
    public const int MalformedUrl = 3;
    public const int ProxyNotResolved = 5;
    public const int HostNotResolved = 6;
    public const int NotConnected = 7;
    public const int WeirdReply = 8;
    public const int Partial = 18;
    public const int HttpError = 22;
    public const int WriteFailed = 23;
    public const int ReadFailed = 26;
    public const int TimedOut = 28;
    public const int NoRanges = 33;
    public const int TlsFailed = 35;
    public const int ResumeFailed = 36;
    public const int TooManyRedirects = 47;
    public const int EmptyReply = 52;
    public const int SendFailed = 55;
    public const int ReceiveFailed = 56;
    public const int BadClientCertificate = 58;
    public const int BadCertificate = 60;
    public const int BadEncoding = 61;
    public const int TooLarge = 63;
    public const int BadAuthorities = 77;
#pragma warning restore CS1591

    /// <summary>The code of a transfer that failed with <paramref name="exception"/>.</summary>
    /// <param name="exception">What the client threw.</param>
    /// <param name="hasProxy">True when the request goes through a proxy.</param>
    public static int Of(Exception exception, bool hasProxy) => exception switch
    {
        ToolException tool => tool.ExitCode,
        ClientException client => Of(client, hasProxy),
        NotSupportedException => UnsupportedProtocol,
        CryptographicException => BadClientCertificate,
        // The client wraps what the reading of a request's body threw.
        IOException => ReadFailed,
        _ => WeirdReply,
    };

    private static int Of(ClientException exception, bool hasProxy) => exception.Fault switch
    {
        ClientFault.NameResolution => hasProxy ? ProxyNotResolved : HostNotResolved,
        // An alert is what the server does not like; what is not accepted here is its certificate.
        ClientFault.Connect when exception.IsHandshake => exception.Message.Contains("certificate", StringComparison.Ordinal) && !exception.Message.Contains("alert", StringComparison.Ordinal) ? BadCertificate : TlsFailed,
        ClientFault.Connect or ClientFault.PoolExhausted => NotConnected,
        ClientFault.ConnectTimeout or ClientFault.ResponseTimeout or ClientFault.BodyTimeout or ClientFault.SendTimeout or ClientFault.TotalTimeout => TimedOut,
        ClientFault.ClosedBeforeResponse or ClientFault.Refused => exception.IsReset ? ReceiveFailed : EmptyReply,
        ClientFault.Truncated => exception.IsReset ? ReceiveFailed : Partial,
        ClientFault.Redirect => exception.Message.StartsWith("more than", StringComparison.Ordinal) ? TooManyRedirects : UnsupportedProtocol,
        ClientFault.ProxyRefused => ReceiveFailed,
        ClientFault.BadResponse when exception.InnerException is ContentDecodingException => BadEncoding,
        ClientFault.BadResponse when exception.Message.Contains("malformed body", StringComparison.Ordinal) => ReceiveFailed,
        ClientFault.BadResponse when exception.Message.Contains("is longer than", StringComparison.Ordinal) => TooLarge,
        _ => WeirdReply,
    };
}
