using System.Security.Cryptography;
using Gatehouse.Dns;
using Gatehouse.Dns.Resolver;
using Gatehouse.Dns.Servers;
using Gatehouse.Dns.Validation;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Tls;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Tools.Dig;

/// <summary><c>gatehouse dig</c>: asks name servers and shows what they answer.</summary>
/// <param name="options">What to do.</param>
/// <param name="output">Where answers go.</param>
public sealed class DigRunner(DigOptions options, TextWriter output)
{
    private const int WrongCall = 1;

    // dig's own exit code.
    private const int NoReply = 9;

    /// <summary>Asks and shows; 0 when there was an answer, of whatever kind.</summary>
    /// <exception cref="ToolException">The call is wrong (1), or nobody answered (9).</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var request = DigRequest.Of(options);
        using var reactors = ReactorGroup.StartNew(1);
        var reactor = reactors.Reactors[0];
        try
        {
            if (request.Options.IsExplain)
                return await ExplainAsync(request, reactor, cancellation);
            await ReactorSwitch.To(reactor);
            if (request.Options.IsTrace)
                await TraceAsync(request, reactor, cancellation);
            else
                await AskAsync(request, reactor, cancellation);
            return 0;
        }
        catch (DnsException exception)
        {
            throw new ToolException(NoReply, exception.Message, exception);
        }
        finally
        {
            // The reactor must not wait for itself.
            await Task.Yield();
        }
    }

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(WrongCall, exception.Message, exception);
        }
    }

    private static TrustAnchors Anchors(DigOptions options)
    {
        if (options.TrustAnchor is not { } file)
            return TrustAnchors.Root;
        return TrustAnchors.TryParse(ReadFile(file), out var anchors, out var fault) ? anchors : throw new ToolException(WrongCall, $"{file}: {fault}");
    }

    private static ServerOptions ServerOptionsOf(DigOptions options)
    {
        try
        {
            return ServerOptions.Default with
            {
                Timeout = TimeSpan.FromSeconds(options.Timeout),
                Authorities = options.Authorities is { } file ? TlsCertificate.AuthoritiesFromFile(file) : null,
            };
        }
        catch (CryptographicException exception)
        {
            throw new ToolException(WrongCall, exception.Message, exception);
        }
    }

    private static QueryOptions QueryOptionsOf(DigOptions options) => QueryOptions.Default with
    {
        Recursion = options.Recursion,
        DnssecOk = options.Dnssec || options.Validates,
        // Who checks for himself wants to see what does not hold.
        CheckingDisabled = options.CheckingDisabled || options.Validates,
        AuthenticData = !options.Validates,
        Edns = options.Edns || options.Dnssec || options.Validates || options.Subnet is not null,
        ClientSubnet = options.Subnet,
    };

    private static DnsMessage Read(ServerReply reply, string server) => DnsMessage.TryRead(reply.Message.Span, out var message, out var fault)
        ? message
        : throw new DnsException(DnsFault.BadReply, $"{server} sent a malformed answer: {fault}");

    private async Task AskAsync(DigRequest request, Reactor reactor, CancellationToken cancellation)
    {
        var servers = request.Server is { } one ? [one] : Configured(request.Options);
        using var group = new ServerGroup(reactor, [.. servers.Select(server => NameServers.Create(reactor, server, ServerOptionsOf(request.Options)))]);
        var query = QueryOptionsOf(request.Options);
        var answers = new List<DigAnswer>();
        if (!request.Options.IsShort && !request.Options.IsJson)
            await output.WriteLineAsync($"; <<>> gatehouse dig <<>> {string.Join(' ', request.Options.Words)}");
        foreach (var question in request.Questions)
        {
            var reply = await group.QueryAsync(question, query, cancellation);
            var server = request.Server?.Text ?? reply.Endpoint.ToString();
            ValidationResult? validation = null;
            if (request.Options.Validates)
            {
                var validator = new DnssecValidator(Anchors(request.Options), async (further, stop) => (await group.QueryAsync(further, query, stop)).Message);
                validation = await validator.ValidateAsync(question, reply.Message, cancellation);
            }
            var answer = new DigAnswer(question, Read(reply, server), reply, server, validation);
            answers.Add(answer);
            if (!request.Options.IsJson)
                await output.WriteAsync(request.Options.IsShort ? DigText.Short(answer.Message) : DigText.Whole(answer, TimeProvider.System.GetUtcNow()));
        }
        if (request.Options.IsJson)
            await output.WriteAsync(DigJson.Answers(answers));
    }

    private async Task TraceAsync(DigRequest request, Reactor reactor, CancellationToken cancellation)
    {
        var hints = RootHints.Internet;
        if (request.Options.RootHints is { } file && !RootHints.TryParse(ReadFile(file), out hints, out var fault))
            throw new ToolException(WrongCall, $"{file}: {fault}");
        using var walk = new DelegationWalk(reactor, hints, request.Options.Port ?? 53, ServerOptionsOf(request.Options));
        var query = QueryOptionsOf(request.Options) with { AuthenticData = false };
        var steps = new List<WalkStep>();
        foreach (var question in request.Questions)
        {
            var last = await walk.WalkAsync(question, query, step => Show(step, steps, request.Options), cancellation);
            if (request.Options.IsShort)
                await output.WriteAsync(DigText.Short(last.Message));
            if (!request.Options.Validates)
                continue;
            var validator = new DnssecValidator(
                Anchors(request.Options), async (further, stop) => (await walk.WalkAsync(further, query, cancellation: stop)).Reply.Message);
            var validation = await validator.ValidateAsync(question, last.Reply.Message, cancellation);
            if (!request.Options.IsJson && !request.Options.IsShort)
                await output.WriteLineAsync($";; DNSSEC: {validation}");
        }
        if (request.Options.IsJson)
            await output.WriteAsync(DigJson.Steps(steps));
    }

    private void Show(WalkStep step, List<WalkStep> steps, DigOptions shown)
    {
        steps.Add(step);
        if (!shown.IsJson && !shown.IsShort)
            output.Write(DigText.Step(step));
    }

    private async Task<int> ExplainAsync(DigRequest request, Reactor reactor, CancellationToken cancellation)
    {
        using var resolver = new DnsResolver(reactor, ResolverOptions.Default with
        {
            Servers = request.Server is { } server ? [server] : null,
            ServerOptions = request.Server is null ? null : ServerOptionsOf(request.Options),
            TrustAnchors = request.Options.Validates ? Anchors(request.Options) : null,
        });
        var trail = new LookupTrail();
        HostLookup? found = null;
        DnsException? fault = null;
        try
        {
            found = await resolver.LookupHostAsync(request.Host, trail, cancellation);
        }
        catch (DnsException exception)
        {
            fault = exception;
        }
        if (request.Options.IsJson)
            await output.WriteAsync(DigJson.Explained(request.Host, found, fault?.Message, trail.Steps));
        else
        {
            foreach (var step in trail.Steps)
                await output.WriteLineAsync($"- {step}");
            await output.WriteLineAsync(found is not null
                ? $"{request.Host} is {string.Join(", ", found.Addresses)}: {Words(found.Source)} answered{(found.TimeToLive > 0 ? $", for {found.TimeToLive} s" : "")}"
                : $"{request.Host} was not found: {fault!.Message}");
        }
        return fault is null ? 0 : NoReply;
    }

    private static IReadOnlyList<ServerAddress> Configured(DigOptions options)
    {
        var conf = ResolvConf.Parse(File.Exists("/etc/resolv.conf") ? ReadFile("/etc/resolv.conf") : "");
        return [.. conf.Servers.Select(server => server with
        {
            Protocol = options.Tcp ? ServerProtocol.Tcp : server.Protocol,
            Port = options.Port ?? server.Port,
        })];
    }

    private static string Words(LookupSource source) => source switch
    {
        LookupSource.Literal => "the text itself",
        LookupSource.Loopback => "the name itself",
        LookupSource.Hosts => "the hosts file",
        LookupSource.Cache => "the cache",
        LookupSource.StaleCache => "the cache, with an answer whose time is over,",
        _ => "a name server",
    };
}
