using Gatehouse.Gateways.Peers;
using Gatehouse.Protocols.Cgi;
using Gatehouse.Protocols.Scgi;
using Gatehouse.Upstreams;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Gateways.Scgi;

/// <summary>Lets SCGI servers answer: one connection for each request.</summary>
internal sealed class ScgiHandler(Upstream upstream, PeerRules rules) : PeerHandler(upstream, rules)
{
    /// <inheritdoc/>
    protected override PeerConnection? TryRent(Target target) => null;

    /// <inheritdoc/>
    protected override ValueTask<PeerConnection> ConnectAsync(Target target) => SocketPeer.ConnectAsync(target);

    /// <inheritdoc/>
    protected override void WriteHead(PeerConnection connection, CgiVariables variables, long contentLength)
    {
        var room = connection.Output.Reserve(ScgiRequestWriter.SizeBound(variables));
        connection.Output.Commit(ScgiRequestWriter.Write(room, variables, contentLength));
    }
}
