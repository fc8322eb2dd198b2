using System.Text;
using Gatehouse.AspNetCore.Bodies;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gatehouse.AspNetCore.Requests;

/// <summary>The switch of protocols: Upgrade in HTTP/1.1, the extended CONNECT in HTTP/2 (RFC 8441), which the engine gives as an upgrade too.</summary>
internal abstract partial class ApplicationRequest
{
    /// <summary>True once the protocol was switched.</summary>
    public bool IsUpgraded { get; private set; }

    private bool IsExtendedConnect => _exchange.Request is { Version: HttpVersion.Http2, AsksUpgrade: true };

    private async Task<Stream> UpgradeAsync()
    {
        if (IsUpgraded)
            throw new InvalidOperationException("IHttpUpgradeFeature.UpgradeAsync was already called and can only be called once per connection.");
        if (HasStarted)
            throw new InvalidOperationException("The response has already started; the protocol can no longer be switched.");
        while (_onStarting?.TryPop(out var callback) == true)
            await callback.Callback(callback.State);
        // From now on the tunnel's bytes overwrite those of the head.
        _requestHeaders.Load();
        _status = StatusCodes.Status101SwitchingProtocols;
        WriteHead();
        IsUpgraded = true;
        var tunnel = await _exchange.UpgradeAsync();
        _requestBody.Enter(tunnel);
        return new UpgradedStream(this, _requestStream, tunnel);
    }

    /// <summary>The feature of HTTP/1.1.</summary>
    private sealed class UpgradeFeature(ApplicationRequest request) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => request._exchange.Request.AsksUpgrade;

        public Task<Stream> UpgradeAsync() =>
            IsUpgradableRequest ? request.UpgradeAsync() : throw new InvalidOperationException("Cannot upgrade a non-upgradable request. Check IHttpUpgradeFeature.IsUpgradableRequest to determine if a request can be upgraded.");
    }

    /// <summary>The features of a stream of HTTP/2.</summary>
    private sealed class StreamFeature(ApplicationRequest request) : IHttpExtendedConnectFeature, IHttpResetFeature
    {
        public bool IsExtendedConnect => request.IsExtendedConnect;

        public string? Protocol =>
            IsExtendedConnect && request._exchange.Request.Headers.TryGet(KnownHeader.Upgrade, out var protocol) ? Encoding.ASCII.GetString(protocol) : null;

        public async ValueTask<Stream> AcceptAsync() =>
            IsExtendedConnect ? await request.UpgradeAsync() : throw new InvalidOperationException("This request is no extended CONNECT (RFC 8441).");

        public void Reset(int errorCode)
        {
            request._isAborted = true;
            request._exchange.Abort((uint)errorCode);
            request.CancelAborted();
        }
    }
}
