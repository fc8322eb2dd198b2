using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Upstreams;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Edge.Relay;

/// <summary>
/// One request's tries at the targets of an upstream, whatever they speak: whom to ask next, what is noted about it, and what a failure means. For each try:
/// <see cref="TryBegin"/>, then <see cref="MustRepeat"/> when the response's head is there or <see cref="MayRepeat"/> when it failed, then <see cref="End"/>.
/// </summary>
public struct UpstreamTries(Upstream upstream, RetryRules rules)
{
    private ulong _tried;
    private int _count;
    private bool _hasFailed;
    private bool _isUnderWay;
    private bool _isStale;

    /// <summary>The target of the try that is under way.</summary>
    public Target Target { readonly get; private set; } = null!;

    /// <summary>True when the try is the one before again: its connection at rest had gone stale, and a new one is to be made.</summary>
    public bool IsAgain { readonly get; private set; }

    /// <summary>Begins the next try. False: no target is left, and the exchange has its answer.</summary>
    public bool TryBegin(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        IsAgain = _isStale;
        _isStale = false;
        if (!IsAgain)
        {
            if (upstream.Choose(ref _tried) is not { } target)
            {
                exchange.Notes.Failure ??= "no target is left to try";
                exchange.Response.Status = 503;
                return false;
            }
            Target = target;
            _count++;
        }
        exchange.Notes.Upstream = Target.Name;
        exchange.Notes.UpstreamTries = _count;
        Target.Begin();
        _hasFailed = _isUnderWay = true;
        return true;
    }

    /// <summary>The response's head is there. True when its status counts as a failure, and another target is to be asked.</summary>
    /// <param name="exchange">The exchange.</param>
    /// <param name="status">The status.</param>
    /// <param name="canRepeat">Whether the request can be sent once more: it has no body, or one that was collected.</param>
    public bool MustRepeat(Exchange exchange, int status, bool canRepeat)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        _hasFailed = rules.Allows(status, exchange.Request.Method);
        return _hasFailed && canRepeat && !exchange.IsExpired && HasFurther;
    }

    /// <summary>The try failed. True when another may be made; else the exchange has its answer, or was aborted in the middle of it.</summary>
    /// <param name="exchange">The exchange.</param>
    /// <param name="failure">How.</param>
    /// <param name="upload">What was wrong with the client's own body, if that is why.</param>
    /// <param name="canRepeat">As in <see cref="MustRepeat"/>.</param>
    /// <param name="isReused">Whether the connection had carried another request before: servers close what is at rest, which says nothing of the target.</param>
    /// <exception cref="BadRequestException">The failure is the client's.</exception>
    public bool MayRepeat(Exchange exchange, ClientException failure, BadRequestException? upload, bool canRepeat, bool isReused = false)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        ArgumentNullException.ThrowIfNull(failure);
        _hasFailed = upload is null && !exchange.IsAborted;
        if (upload is not null)
            throw upload;
        if (!_hasFailed)
            throw new BadRequestException(499, "the client went away while its request was forwarded");
        exchange.Notes.Failure = failure.Message;
        if (exchange.Response.HasStarted)
        {
            exchange.Abort();
            return false;
        }

        // A connection that leaves (GOAWAY) says nothing of its target: the same may take the request on the next one.
        if (failure.Fault == ClientFault.Refused)
            _tried = 0;
        var isRepeatable = canRepeat && !exchange.IsExpired && rules.Allows(failure, exchange.Request.Method);
        _isStale = isRepeatable && isReused && failure.Fault == ClientFault.ClosedBeforeResponse;
        if (_isStale || (isRepeatable && HasFurther))
            return true;
        exchange.Response.Reset();
        exchange.Response.Status = failure.GatewayStatus;
        return false;
    }

    /// <summary>The try is over and its connection given back; a second call does nothing.</summary>
    public void End(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        if (!_isUnderWay)
            return;
        _isUnderWay = false;
        exchange.AbortObserver = null;
        if (_isStale)
            Target.Withdraw();
        else
            upstream.End(Target, _hasFailed);
    }

    /// <summary>The target has not failed the request, which goes another way.</summary>
    public void Withdraw(Exchange exchange)
    {
        _hasFailed = false;
        End(exchange);
    }

    private readonly bool HasFurther => _count < rules.Tries && upstream.HasUntried(_tried);
}
