using System.Globalization;
using Gatehouse.Http.Client;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Upstreams.Policies;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Discovery;

/// <summary>Makes the targets of a group, and keeps those that names go on to stand for: their connections, counters and health stay.</summary>
internal sealed class TargetFactory(UpstreamConfig config, int reactors)
{
    private readonly ClientTimeouts _timeouts = config.Timeouts.ToClient();
    private readonly TlsClient? _tls = config.To.Any(static target => target.Address.IsTls) ? config.Tls.ToClient([]) : null;
    private readonly TlsClient? _http2Tls =
        config.Protocol.Offered is { Count: > 0 } offered && config.To.Any(static target => target.Address.IsTls) ? config.Tls.ToClient(offered) : null;
    private Dictionary<FoundTarget, Target> _known = [];

    /// <summary>Makes a target.</summary>
    internal Target Make(FoundTarget found)
    {
        var address = found.Config.Address;
        var name = address.Name.Length == 0 ? address.ToString() : $"{address} at {found.Endpoint}";
        var authority = address.Name.Length == 0 || address.IsService ? null : string.Create(CultureInfo.InvariantCulture, $"{address.Name}:{address.Port}");
        var proven = config.Tls.Name ?? (address.Name.Length > 0 ? address.Name : NameOf(found.Endpoint));
        return new Target(name, found.Endpoint, found.Weight, _timeouts, reactors, config.Protocol, authority)
        {
            ProxyProtocol = config.ProxyProtocol,
            Tls = address.IsTls ? new ClientTls(_tls!, proven) : null,
            Http2Tls = address.IsTls && _http2Tls is not null ? new ClientTls(_http2Tls, proven) : null,
        };
    }

    /// <summary>Gives a group the targets that were found, when they are others than it has.</summary>
    internal void Apply(IReadOnlyList<FoundTarget> found, Upstream upstream)
    {
        var next = new Dictionary<FoundTarget, Target>();
        foreach (var one in found)
        {
            if (next.Count < Upstream.MaxTargets && !next.ContainsKey(one))
                next.Add(one, _known.TryGetValue(one, out var target) ? target : Make(one));
        }
        if (next.Count == 0 || (next.Count == _known.Count && next.Keys.All(_known.ContainsKey)))
            return;
        _known = next;
        Target[] targets = [.. next.Values];
        upstream.Replace(targets, BalancingPolicies.Create(config.Balance, targets));
    }

    // What a certificate for a Unix socket would be for, nobody has said: localhost, as in its Host field.
    private static string NameOf(Endpoint endpoint) => endpoint.IsUnix ? "localhost" : endpoint.Address.ToString();
}
