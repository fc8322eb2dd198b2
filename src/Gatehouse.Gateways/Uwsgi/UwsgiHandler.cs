using Gatehouse.Gateways.Peers;
using Gatehouse.Http;
using Gatehouse.Protocols.Cgi;
using Gatehouse.Protocols.Uwsgi;
using Gatehouse.Upstreams;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Gateways.Uwsgi;

/// <summary>Lets uWSGI servers answer: one connection for each request.</summary>
internal sealed class UwsgiHandler(Upstream upstream, PeerRules rules, byte modifier1, byte modifier2) : PeerHandler(upstream, rules)
{
    /// <inheritdoc/>
    protected override PeerConnection? TryRent(Target target) => null;

    /// <inheritdoc/>
    protected override ValueTask<PeerConnection> ConnectAsync(Target target) => SocketPeer.ConnectAsync(target);

    /// <inheritdoc/>
    protected override void WriteHead(PeerConnection connection, CgiVariables variables, long contentLength)
    {
        // uWSGI takes a missing length for none.
        if (contentLength == 0)
            variables.Set("CONTENT_LENGTH"u8, default);
        if (!UwsgiPacket.TryWrite(connection.Output.Reserve(UwsgiPacket.Size(variables)), variables, modifier1, modifier2, out var written))
            throw new BadRequestException(431, $"the request's variables are longer than the {UwsgiPacket.MaxVariables} bytes of a uwsgi packet");
        connection.Output.Commit(written);
    }
}
