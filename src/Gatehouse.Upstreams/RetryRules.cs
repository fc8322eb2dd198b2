using Gatehouse.Http.Client;
using Gatehouse.Protocols;

namespace Gatehouse.Upstreams;

/// <summary>
/// When a failed try is repeated on another target. Only before the first byte of an answer has gone to the client, and only with a body that can be sent
/// again.
/// </summary>
public sealed record RetryRules
{
    /// <summary>The defaults.</summary>
    public static RetryRules Default { get; } = new();

    /// <summary>Tries in all, the first included.</summary>
    public int Tries { get; init; } = 2;

    /// <summary>Failures of a connection attempt.</summary>
    public bool OnConnect { get; init; } = true;

    /// <summary>Time-outs while waiting for the response's head.</summary>
    public bool OnTimeout { get; init; }

    /// <summary>Response statuses that count as failures.</summary>
    public IReadOnlyList<int> OnStatus { get; init; } = [];

    /// <summary>
    /// True when a request that failed in this way may be tried elsewhere. One that the target may have begun to work on is repeated only when its method is
    /// idempotent (RFC 9110 section 9.2.2).
    /// </summary>
    public bool Allows(ClientException failure, Method method) => failure.Fault switch
    {
        ClientFault.Connect or ClientFault.ConnectTimeout or ClientFault.PoolExhausted or ClientFault.Refused or ClientFault.OtherProtocol => OnConnect,
        ClientFault.ClosedBeforeResponse => OnConnect && IsIdempotent(method),
        ClientFault.ResponseTimeout => OnTimeout && IsIdempotent(method),
        _ => false,
    };

    /// <summary>True when a response of this status may be replaced by another target's.</summary>
    public bool Allows(int status, Method method)
    {
        if (!IsIdempotent(method))
            return false;
        for (var i = 0; i < OnStatus.Count; i++)
        {
            if (OnStatus[i] == status)
                return true;
        }
        return false;
    }

    private static bool IsIdempotent(Method method) => method is Method.Get or Method.Head or Method.Options or Method.Trace or Method.Put or Method.Delete;
}
