using Microsoft.Extensions.Logging;

namespace Gatehouse.AspNetCore;

/// <summary>What the server says in the application's log.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Error, "Request {Request}: the application threw an exception that it did not handle.")]
    public static partial void ApplicationFailed(ILogger logger, string request, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "Request {Request}: the client went away while the application answered it.")]
    public static partial void ClientLeft(ILogger logger, string request, Exception exception);

    [LoggerMessage(3, LogLevel.Debug, "Request {Request} is at fault: {Reason}")]
    public static partial void RequestRefused(ILogger logger, string request, string reason);

    [LoggerMessage(4, LogLevel.Debug, "{Remote}: {Reason} (answered {Status})")]
    public static partial void ConnectionRefused(ILogger logger, string remote, int status, string reason);

    [LoggerMessage(5, LogLevel.Error, "The server failed on a request.")]
    public static partial void ServerFailed(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "No connection can be accepted: {Reason}")]
    public static partial void AcceptSuspended(ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Debug, "{Remote}: no TLS connection: {Reason}")]
    public static partial void HandshakeFailed(ILogger logger, string remote, string reason);

    [LoggerMessage(8, LogLevel.Warning, "No certificate for {Names}: {Reason}")]
    public static partial void CertificateFailed(ILogger logger, string names, string reason);

    [LoggerMessage(9, LogLevel.Warning, "The certificate for {Names} could not be stored and is lost when the process ends: {Reason}")]
    public static partial void CertificateNotStored(ILogger logger, string names, string reason);

    [LoggerMessage(10, LogLevel.Information, "A certificate for {Names} was issued by {Issuer}.")]
    public static partial void CertificateIssued(ILogger logger, string names, string issuer);

    [LoggerMessage(11, LogLevel.Warning, "Connections that did not end in time were dropped.")]
    public static partial void DrainCut(ILogger logger);
}
