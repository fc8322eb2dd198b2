using Gatehouse.Dns.Servers;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Resolver;

/// <summary>
/// Goes from the root down to the servers that have a name, asking each for no more than it knows (RFC 1034 section 5.3.3). What it learns of zones it keeps
/// for the next walk. On its reactor.
/// </summary>
/// <param name="reactor">The reactor.</param>
/// <param name="hints">Where it begins.</param>
/// <param name="port">The port of all servers on the way.</param>
/// <param name="options">How they are asked.</param>
public sealed class DelegationWalk(Reactor reactor, RootHints hints, ushort port = 53, ServerOptions? options = null) : IDisposable
{
    // Zones on the way to a name, and walks for the addresses of servers within walks.
    private const int MaxSteps = 32;
    private const int MaxDepth = 4;

    private readonly Dictionary<DnsName, List<(DnsName Name, IpAddress Address)>> _zones = new() { [DnsName.Root] = [.. hints.Servers] };
    private readonly Dictionary<IpAddress, NameServer> _servers = [];
    private int _steps;

    /// <summary>Walks, and returns the last step.</summary>
    /// <param name="question">What is looked for.</param>
    /// <param name="query">What the queries say besides; RD is not set.</param>
    /// <param name="onStep">Told of each step; null for nobody.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="DnsException">No server of a zone answered, or the zones lead nowhere.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ValueTask<WalkStep> WalkAsync(DnsQuestion question, QueryOptions query, Action<WalkStep>? onStep = null, CancellationToken cancellation = default)
    {
        _steps = 0;
        return WalkAsync(question, query with { Recursion = false }, onStep, 0, cancellation);
    }

    /// <summary>Closes the connections. On the reactor.</summary>
    public void Dispose()
    {
        foreach (var server in _servers.Values)
            server.Dispose();
    }

    private async ValueTask<WalkStep> WalkAsync(DnsQuestion question, QueryOptions query, Action<WalkStep>? onStep, int depth, CancellationToken cancellation)
    {
        var zone = Nearest(question);
        while (true)
        {
            if (++_steps > MaxSteps)
                throw new DnsException(DnsFault.BadReply, $"more than {MaxSteps} servers would have to be asked on the way to {question.Name}: the zones lead nowhere");
            var step = await AskZoneAsync(zone, question, query, cancellation);
            onStep?.Invoke(step);
            if (Referral(step, question) is not { } next)
                return step;
            if (_zones.GetValueOrDefault(next) is not { Count: > 0 })
                _zones[next] = await AddressesAsync(step.Message, next, query, depth, cancellation);
            zone = next;
        }
    }

    // DS is the parent's.
    private DnsName Nearest(DnsQuestion question)
    {
        var zone = question.Type == DnsType.DS ? question.Name.Parent : question.Name;
        while (!_zones.ContainsKey(zone))
            zone = zone.Parent;
        return zone;
    }

    private static DnsName? Referral(WalkStep step, DnsQuestion question)
    {
        if (step.Message.Answers.Count > 0 || step.Message.Rcode != DnsRcode.NoError)
            return null;
        foreach (var record in step.Message.Authorities)
        {
            // Down only, and towards the name: anything else is a server that does not know what it serves.
            if (record.Type == DnsType.NS && record.Name.LabelCount > step.Zone.LabelCount && record.Name.IsAtOrBelow(step.Zone)
                && question.Name.IsAtOrBelow(record.Name) && !(question.Type == DnsType.DS && question.Name == record.Name))
                return record.Name;
        }
        return null;
    }

    private async ValueTask<List<(DnsName Name, IpAddress Address)>> AddressesAsync(
        DnsMessage referral, DnsName zone, QueryOptions query, int depth, CancellationToken cancellation)
    {
        var found = new List<(DnsName, IpAddress)>();
        var nameless = new List<DnsName>();
        foreach (var record in referral.Authorities)
        {
            var data = record.ReadData();
            if (record.Type != DnsType.NS || record.Name != zone || !data.TryReadName(out var target))
                continue;
            var server = target.ToName();
            var glue = referral.Additionals.Where(one => one.Type is DnsType.A or DnsType.AAAA && one.Name == server).ToList();
            found.AddRange(glue.Select(one => (server, IpAddress.FromBytes(one.Data.Span))));
            if (glue.Count == 0)
                nameless.Add(server);
        }
        for (var i = 0; i < nameless.Count && found.Count == 0 && depth < MaxDepth; i++)
        {
            var step = await WalkAsync(new DnsQuestion(nameless[i], DnsType.A), query, null, depth + 1, cancellation);
            found.AddRange(step.Message.Answers.Where(static one => one.Type == DnsType.A).Select(one => (nameless[i], IpAddress.FromBytes(one.Data.Span))));
        }
        return found.Count > 0 ? found : throw new DnsException(DnsFault.BadReply, $"no server of {zone} has an address that can be found");
    }

    private async ValueTask<WalkStep> AskZoneAsync(DnsName zone, DnsQuestion question, QueryOptions query, CancellationToken cancellation)
    {
        DnsException? last = null;
        foreach (var (name, address) in _zones[zone])
        {
            // What this machine has no route to is not waited for.
            if (AddressSelection.SourceOf(reactor, address).IsNone)
                continue;
            try
            {
                if (!_servers.TryGetValue(address, out var server))
                    _servers[address] = server = NameServers.Create(reactor, ServerAddress.Of(address, port), options);
                var reply = await server.QueryAsync(QueryWriter.Write(question, query, isPadded: false), cancellation);
                if (!DnsMessage.TryRead(reply.Message.Span, out var message, out var fault))
                    throw new DnsException(DnsFault.BadReply, $"{server.Name} sent a malformed answer: {fault}");
                if (message.Rcode is DnsRcode.NoError or DnsRcode.NXDomain)
                    return new WalkStep(zone, name, reply, message);
                last = new DnsException(DnsFault.ServerFailure, $"{name} ({server.Name}) answered {Protocols.Dns.Text.DnsTypeNames.NameOf(message.Rcode)} for {question}");
            }
            catch (DnsException exception)
            {
                last = exception;
            }
        }
        throw last ?? new DnsException(DnsFault.Network, $"no server of {zone} can be reached from here");
    }
}
