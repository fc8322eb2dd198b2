using Gatehouse.Gateways.Peers;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Cgi;
using Gatehouse.Protocols.FastCgi;
using Gatehouse.Upstreams;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Gateways.FastCgi;

/// <summary>Lets FastCGI servers answer, in the role of a Responder (FastCGI 1.0 section 6.2).</summary>
internal sealed class FastCgiHandler(Upstream upstream, PeerRules rules, bool keepsConnections) : PeerHandler(upstream, rules)
{
    private const int BeginLength = FastCgiRecord.HeadLength + FastCgiBeginRequest.Length;

    /// <inheritdoc/>
    protected override PeerConnection? TryRent(Target target) => PoolOf(target).TryRent();

    /// <inheritdoc/>
    protected override ValueTask<PeerConnection> ConnectAsync(Target target) => FastCgiConnection.ConnectAsync(PoolOf(target));

    /// <inheritdoc/>
    protected override void WriteHead(PeerConnection connection, CgiVariables variables, long contentLength)
    {
        var room = connection.Output.Reserve(BeginLength + FastCgiParams.SizeBound(variables));
        new FastCgiBeginRequest(FastCgiRole.Responder, keepsConnections).Write(room, FastCgiConnection.RequestId);
        connection.Output.Commit(BeginLength + FastCgiParams.Write(room[BeginLength..], FastCgiConnection.RequestId, variables));
    }

    private static FastCgiPool PoolOf(Target target) => target.PoolOn<FastCgiPool>(Reactor.Current!);
}
