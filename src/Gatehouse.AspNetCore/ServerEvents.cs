using Gatehouse.Http;
using Gatehouse.Http.Server;
using Gatehouse.Net.Tls;
using Gatehouse.Pki;
using Gatehouse.Pki.Keeping;
using Gatehouse.Pki.Names;
using Gatehouse.Protocols.Addresses;
using Microsoft.Extensions.Logging;

namespace Gatehouse.AspNetCore;

/// <summary>Passes on to the application's log what the engine tells.</summary>
internal sealed class ServerEvents(ILogger logger) : IServerEvents, ITlsEvents, ICertificateEvents
{
    public void OnRefused(Endpoint remote, int status, string reason)
    {
        if (logger.IsEnabled(LogLevel.Debug))
            ServerLog.ConnectionRefused(logger, remote.ToString(), status, reason);
    }

    public void OnHandlerFailed(Exchange exchange, Exception exception) => ServerLog.ServerFailed(logger, exception);

    public void OnAcceptSuspended(string reason) => ServerLog.AcceptSuspended(logger, reason);

    public void OnHandshakeFailed(Endpoint remote, string reason)
    {
        if (logger.IsEnabled(LogLevel.Debug))
            ServerLog.HandshakeFailed(logger, remote.ToString(), reason);
    }

    public void OnIssued(IssuedCertificate certificate, string issuer, DateTimeOffset renewAt) =>
        ServerLog.CertificateIssued(logger, string.Join(", ", certificate.Names), issuer);

    public void OnFailed(IReadOnlyList<CertificateName> names, string reason, DateTimeOffset retryAt) =>
        ServerLog.CertificateFailed(logger, string.Join(", ", names), reason);

    public void OnNotStored(IReadOnlyList<CertificateName> names, string reason) =>
        ServerLog.CertificateNotStored(logger, string.Join(", ", names), reason);
}
