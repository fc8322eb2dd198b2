using System.Buffers;
using Gatehouse.Dns.Cache;
using Gatehouse.Dns.Hosts;
using Gatehouse.Dns.Servers;
using Gatehouse.Dns.Validation;
using Gatehouse.Net.Names;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Data;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Resolver;

/// <summary>
/// Finds names as the system does (getaddrinfo(3)), in the open: addresses as text, localhost, the hosts file, then the cache and the name servers, with the
/// search domains of resolv.conf. What it has is answered on the caller's thread; servers are asked on the resolver's reactor. From any thread.
/// </summary>
public sealed class DnsResolver : INameResolver, IDisposable
{
    private static readonly DnsName Localhost = DnsName.Parse("localhost");

    private readonly Reactor _reactor;
    private readonly ResolverOptions _options;
    private readonly WatchedFile<HostsTable> _hosts;
    private readonly WatchedFile<ResolvConf> _conf;
    private readonly WatchedFile<NameSwitch> _switch;
    private readonly Dictionary<(DnsName Name, DnsType Type, QueryOptions Options), Task<Lookup>> _underWay = [];
    private readonly DnssecValidator? _validator;
    private ServerGroup? _group;
    private ResolvConf? _groupConf;

    /// <summary>A resolver; it connects and reads nothing before it is asked.</summary>
    public DnsResolver(Reactor reactor, ResolverOptions? options = null)
    {
        _reactor = reactor;
        _options = options ?? ResolverOptions.Default;
        _hosts = new WatchedFile<HostsTable>(_options.HostsFile, HostsTable.Parse);
        _conf = new WatchedFile<ResolvConf>(_options.ResolvConf, ResolvConf.Parse);
        _switch = new WatchedFile<NameSwitch>(_options.NameSwitch, NameSwitch.Parse);
        Cache = new AnswerCache(_options.Cache);
        if (_options.TrustAnchors is { } anchors)
            _validator = new DnssecValidator(anchors, FetchAsync);
    }

    /// <summary>What it keeps of answers.</summary>
    public AnswerCache Cache { get; }

    /// <inheritdoc/>
    public async ValueTask<ResolvedName> ResolveAsync(string host, CancellationToken cancellation = default)
    {
        var found = await LookupHostAsync(host, null, cancellation);
        return new ResolvedName(found.Addresses, TimeSpan.FromSeconds(found.TimeToLive));
    }

    /// <inheritdoc/>
    public async ValueTask<ResolvedService> ResolveServiceAsync(string service, CancellationToken cancellation = default)
    {
        if (!DnsName.TryParse(service, out var name, out var fault))
            throw new DnsException(DnsFault.NoName, $"'{service}' is not the name of a service: {fault}");
        return ServiceOf((await LookupAsync(new DnsQuestion(name, DnsType.SRV), null, cancellation)).Message.Span, service);
    }

    /// <summary>Finds the addresses of a host.</summary>
    /// <param name="host">A name, perhaps an international one, or an address; a final dot keeps the search domains out.</param>
    /// <param name="trail">Takes what was done; null for nobody.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="DnsException">It has none, or nobody answered.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async ValueTask<HostLookup> LookupHostAsync(string host, LookupTrail? trail = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        if (IpAddress.TryParse(host.Trim('[', ']').AsSpan(), out var literal))
        {
            trail?.Add($"{host} is an address: nobody is asked");
            return new HostLookup([literal], DnsName.Root, 0, LookupSource.Literal);
        }
        if (!DnsName.TryParse(host, out var name, out var fault) || name.IsRoot)
            throw new DnsException(DnsFault.NoName, $"'{host}' is not a host name: {fault ?? "it is the root"}");
        if (name.IsAtOrBelow(Localhost))
        {
            trail?.Add($"{name} means this machine (RFC 6761 section 6.3): nobody is asked");
            return new HostLookup([IpAddress.FromV6(0, 1), IpAddress.FromV4(0x7F000001)], name, 0, LookupSource.Loopback);
        }
        var order = _switch.Value;
        trail?.Add($"{_switch.Path} says where to look: {string.Join(", then ", order.Sources)}");
        foreach (var source in order.Sources)
        {
            if (source == "dns")
                return await SearchAsync(host, name, trail, cancellation);
            if (_hosts.Value.AddressesOf(name) is { Count: > 0 } addresses)
            {
                trail?.Add($"{_hosts.Path} has {name}");
                return new HostLookup(Sort(addresses), name, 0, LookupSource.Hosts);
            }
            trail?.Add($"{_hosts.Path} does not have {name}");
            if (order.StopsAfterFiles)
                break;
        }
        throw new DnsException(DnsFault.NoName, $"the name '{host}' was not resolved: there is no such name in {string.Join(" and ", order.Sources)}");
    }

    /// <summary>Finds the name of an address: of the hosts file, else of its PTR record; null when it has none.</summary>
    /// <exception cref="DnsException">Nobody answered.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async ValueTask<DnsName?> LookupNameAsync(IpAddress address, CancellationToken cancellation = default)
    {
        if (_switch.Value.Sources.Contains("files") && _hosts.Value.NameOf(address) is { } known)
            return known;
        var reverse = ReverseName.Of(address);
        var lookup = await LookupAsync(new DnsQuestion(reverse, DnsType.PTR), null, cancellation);
        return PointerOf(lookup.Message.Span);
    }

    /// <summary>Asks one question of the cache, then of the servers.</summary>
    /// <param name="question">The question; its name is taken as it is.</param>
    /// <param name="trail">Takes what was done; null for nobody.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="DnsException">Nobody answered, or the signatures do not hold.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ValueTask<Lookup> LookupAsync(DnsQuestion question, LookupTrail? trail = null, CancellationToken cancellation = default) =>
        _validator is null
            ? AskAsync(question, QueryOptions.Default, trail, cancellation)
            : ValidatedAsync(question, trail, cancellation);

    /// <summary>Closes its connections.</summary>
    public void Dispose() => _reactor.TryPost(new Closing(this));

    private static ResolvedService ServiceOf(ReadOnlySpan<byte> message, string service)
    {
        var hosts = new List<ServiceHost>();
        var time = uint.MaxValue;
        var reader = new DnsMessageReader(message);
        if (reader.Header.Rcode is not (DnsRcode.NoError or DnsRcode.NXDomain))
            throw new DnsException(DnsFault.ServerFailure, $"the service '{service}' was not resolved: the servers answer {reader.Header.Rcode}");
        while (reader.TryReadRecord(out var record))
        {
            // A target that is the root says that there is no such service (RFC 2782).
            if (record.Section != DnsSection.Answer || record.Type != DnsType.SRV || !DnsSrv.TryRead(record.ReadData(), out var srv) || srv.Target.IsRoot)
                continue;
            hosts.Add(new ServiceHost(srv.Target.ToString(), srv.Port, srv.Priority, srv.Weight));
            time = Math.Min(time, DnsTimeToLive.Clamp(record.TimeToLive));
        }
        hosts.Sort(static (one, other) => one.Priority.CompareTo(other.Priority));
        return new ResolvedService(hosts, TimeSpan.FromSeconds(hosts.Count == 0 ? 0 : time));
    }

    private static DnsName? PointerOf(ReadOnlySpan<byte> message)
    {
        var reader = new DnsMessageReader(message);
        while (reader.TryReadRecord(out var record))
        {
            if (record.Section == DnsSection.Answer && record.Type == DnsType.PTR && record.TryGetTarget(out var target))
                return target.ToName();
        }
        return null;
    }

    // resolv.conf(5): a name with enough dots is tried as it is first, another one in the search domains first; a final dot is the end of it.
    private async ValueTask<HostLookup> SearchAsync(string host, DnsName name, LookupTrail? trail, CancellationToken cancellation)
    {
        var conf = _conf.Value;
        var candidates = new List<DnsName>();
        var isAbsolute = host.EndsWith('.');
        var asIsFirst = isAbsolute || name.LabelCount - 1 >= conf.Dots;
        if (asIsFirst)
            candidates.Add(name);
        if (!isAbsolute)
            candidates.AddRange(conf.Search.Select(domain => name.Append(domain)).OfType<DnsName>());
        if (!asIsFirst)
            candidates.Add(name);
        if (candidates.Count > 1)
            trail?.Add($"{_conf.Path} has ndots:{conf.Dots} and search domains: tried in turn are {string.Join(", ", candidates)}");
        DnsException? last = null;
        foreach (var candidate in candidates)
        {
            try
            {
                return await AddressesAsync(candidate, trail, cancellation);
            }
            catch (DnsException exception) when (exception.Fault is DnsFault.NoName or DnsFault.NoData)
            {
                // That it exists without an address says more than that it does not exist elsewhere.
                if (last is null || exception.Fault == DnsFault.NoData)
                    last = exception;
                trail?.Add(exception.Message);
            }
        }
        throw new DnsException(last!.Fault, $"the name '{host}' was not resolved: {(last.Fault == DnsFault.NoName ? "there is no such name" : "it has no address")}", last);
    }

    private async ValueTask<HostLookup> AddressesAsync(DnsName name, LookupTrail? trail, CancellationToken cancellation)
    {
        // Both at once (RFC 8305 section 3); one family's failure does not keep the other from being used.
        var v6 = OneFamilyAsync(name, DnsType.AAAA, trail, cancellation);
        var v4 = OneFamilyAsync(name, DnsType.A, trail, cancellation);
        await Task.WhenAll((Task[])[v6, v4]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var results = new List<(List<IpAddress> Found, DnsName Name, uint Life, LookupSource Source)>();
        Exception? fault = null;
        foreach (var family in (Task<(List<IpAddress> Found, DnsName Name, uint Life, LookupSource Source)>[])[v6, v4])
        {
            if (family.IsCompletedSuccessfully)
                results.Add(family.Result);
            else
                fault = fault is DnsException { Fault: not DnsFault.NoName } ? fault : family.Exception?.InnerException ?? new OperationCanceledException(cancellation);
        }
        var all = results.SelectMany(static result => result.Found).ToList();
        if (all.Count == 0 && fault is not null)
            throw fault;
        if (all.Count == 0)
            throw new DnsException(DnsFault.NoData, $"{name} has no address");
        var sorted = Sort(all);
        if (sorted.Count > 1)
            trail?.Add($"tried in the order of RFC 6724: {string.Join(", ", sorted)}");
        var with = results.First(static result => result.Found.Count > 0);
        return new HostLookup(sorted, with.Name, results.Where(static result => result.Found.Count > 0).Min(static result => result.Life), with.Source);
    }

    private async Task<(List<IpAddress> Found, DnsName Name, uint Life, LookupSource Source)> OneFamilyAsync(
        DnsName name, DnsType type, LookupTrail? trail, CancellationToken cancellation)
    {
        var found = new List<IpAddress>();
        var (end, aliases, life) = (name, 0, uint.MaxValue);
        while (true)
        {
            var asked = end;
            var lookup = await LookupAsync(new DnsQuestion(end, type), trail, cancellation);
            DnsHeader.TryRead(lookup.Message.Span, out var header);
            AnswerChain.Follow(lookup.Message.Span, ref end, type, ref aliases, found, ref life);
            if (found.Count > 0)
                return (found, end, life, lookup.Source);
            if (header.Rcode == DnsRcode.NXDomain)
                throw new DnsException(DnsFault.NoName, $"there is no name {end}");
            if (header.Rcode != DnsRcode.NoError)
                throw new DnsException(DnsFault.ServerFailure, $"the name servers answer {Protocols.Dns.Text.DnsTypeNames.NameOf(header.Rcode)} for {end}");
            // The server did not follow the alias as far as it leads.
            if (end == asked)
                return (found, end, life, lookup.Source);
        }
    }

    private IReadOnlyList<IpAddress> Sort(IReadOnlyList<IpAddress> addresses) =>
        AddressSelection.Sort(addresses, address => AddressSelection.SourceOf(_reactor, address));

    private async ValueTask<Lookup> ValidatedAsync(DnsQuestion question, LookupTrail? trail, CancellationToken cancellation)
    {
        var lookup = await AskAsync(question, QueryOptions.Default with { DnssecOk = true, CheckingDisabled = true }, trail, cancellation);
        var validation = await _validator!.ValidateAsync(question, lookup.Message, cancellation);
        trail?.Add($"the signatures of {question}: {validation}");
        return validation.Status != ValidationStatus.Bogus
            ? lookup with { Validation = validation }
            : throw new DnsException(DnsFault.Bogus, $"the signatures of {question} do not hold: {validation.Reason}");
    }

    private async ValueTask<ReadOnlyMemory<byte>> FetchAsync(DnsQuestion question, CancellationToken cancellation) =>
        (await AskAsync(question, QueryOptions.Default with { DnssecOk = true, CheckingDisabled = true }, null, cancellation)).Message;

    private async ValueTask<Lookup> AskAsync(DnsQuestion question, QueryOptions options, LookupTrail? trail, CancellationToken cancellation)
    {
        var (fresh, stale) = FromCache(question, options, trail);
        if (fresh is not null)
            return fresh;
        // The first who asks is not the one who may give up for the others.
        var done = new TaskCompletionSource<Lookup>(TaskCreationOptions.RunContinuationsAsynchronously);
        _reactor.Post(new Asking(this, question, options, trail, done));
        try
        {
            if (stale is null)
                return await done.Task.WaitAsync(cancellation);
            var answer = await done.Task.WaitAsync(_options.StalePatience, cancellation);
            DnsHeader.TryRead(answer.Message.Span, out var header);
            return header.Rcode is DnsRcode.NoError or DnsRcode.NXDomain
                ? answer
                : throw new DnsException(DnsFault.ServerFailure, $"the answer is {Protocols.Dns.Text.DnsTypeNames.NameOf(header.Rcode)}");
        }
        catch (Exception exception) when (stale is not null && exception is TimeoutException or DnsException)
        {
            trail?.Add($"no server answered ({exception.Message}): an answer whose time is over is given (RFC 8767)");
            return stale!;
        }
    }

    private (Lookup? Fresh, Lookup? Stale) FromCache(DnsQuestion question, QueryOptions options, LookupTrail? trail)
    {
        if (question.Class != DnsClass.IN)
            return default;
        var buffer = ArrayPool<byte>.Shared.Rent(AnswerCache.LongestAnswer);
        var hit = Cache.Find(KeyOf(question, options), AnswerCache.Now, buffer);
        var message = buffer[..hit.Length];
        ArrayPool<byte>.Shared.Return(buffer);
        if (!hit.IsHit)
        {
            trail?.Add($"the cache does not have {question}");
            return default;
        }
        if (hit.IsStale)
            return (null, new Lookup(message, LookupSource.StaleCache));
        trail?.Add($"the cache has {question} for {hit.SecondsLeft} s more{(hit.IsEnding ? ", and asks for it anew" : "")}");
        if (hit.IsEnding)
            _reactor.TryPost(new Asking(this, question, options, null, new TaskCompletionSource<Lookup>()));
        return (new Lookup(message, LookupSource.Cache), null);
    }

    private static CacheQuestion KeyOf(in DnsQuestion question, QueryOptions options) => new(
        question.Name.Wire, question.Type,
        (options.DnssecOk ? CacheVariant.DnssecOk : 0) | (options.CheckingDisabled ? CacheVariant.CheckingDisabled : 0));

    // On the reactor: one query for all who ask the same.
    private async void Ask(Asking asking)
    {
        var key = (asking.Question.Name, asking.Question.Type, asking.Options);
        try
        {
            if (!_underWay.TryGetValue(key, out var task))
            {
                task = QueryAsync(asking.Question, asking.Options, asking.Trail);
                if (!task.IsCompleted)
                    _underWay.Add(key, task);
            }
            else
                asking.Trail?.Add($"{asking.Question} is being asked already");
            asking.Done.TrySetResult(await task);
        }
        catch (Exception exception)
        {
            asking.Done.TrySetException(exception);
        }
        finally
        {
            _underWay.Remove(key);
        }
    }

    private async Task<Lookup> QueryAsync(DnsQuestion question, QueryOptions options, LookupTrail? trail)
    {
        var reply = await Group().QueryAsync(question, options);
        DnsHeader.TryRead(reply.Message.Span, out var header);
        trail?.Add($"{reply.Endpoint} answered {question} over {reply.Protocol} in {reply.Total.TotalMilliseconds:0.0} ms: "
            + $"{Protocols.Dns.Text.DnsTypeNames.NameOf(header.Rcode)}, {header.AnswerCount} records");
        if (question.Class == DnsClass.IN)
            Cache.Add(KeyOf(question, options), reply.Message.Span, AnswerCache.Now);
        return new Lookup(reply.Message, LookupSource.Server) { Reply = reply };
    }

    // The servers of resolv.conf as it is now.
    private ServerGroup Group()
    {
        var conf = _conf.Value;
        if (_group is not null && (_options.Servers is not null || ReferenceEquals(conf, _groupConf)))
            return _group;
        _group?.Dispose();
        var options = _options.ServerOptions ?? ServerOptions.Default with { Timeout = conf.Timeout, Attempts = conf.Attempts };
        var servers = (_options.Servers ?? conf.Servers).Select(address => NameServers.Create(_reactor, address, options)).ToList();
        _groupConf = conf;
        return _group = new ServerGroup(_reactor, servers, conf.Rotate && _options.Servers is null);
    }

    private sealed record Asking(DnsResolver Resolver, DnsQuestion Question, QueryOptions Options, LookupTrail? Trail, TaskCompletionSource<Lookup> Done) : IReactorWork
    {
        public void Run() => Resolver.Ask(this);
    }

    private sealed class Closing(DnsResolver resolver) : IReactorWork
    {
        public void Run() => resolver._group?.Dispose();
    }
}
