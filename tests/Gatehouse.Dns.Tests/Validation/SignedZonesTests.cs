using Gatehouse.Dns.Resolver;
using Gatehouse.Dns.Servers;
using Gatehouse.Dns.Tests.Support;
using Gatehouse.Dns.Validation;
using Gatehouse.Protocols.Dns;
using Gatehouse.Testing.Names;

namespace Gatehouse.Dns.Tests.Validation;

/// <summary>Walks from a root of our own, and the signatures on the way, all made and served by BIND.</summary>
public sealed class SignedZonesTests(SignedZones zones) : IClassFixture<SignedZones>, IDisposable
{
    private static readonly ServerOptions Patient = ServerOptions.Default with { Timeout = TimeSpan.FromSeconds(20) };
    private readonly OneReactor _reactor = new();

    public void Dispose() => _reactor.Dispose();

    [Theory]
    [InlineData("www.shop.test", DnsType.A, ValidationStatus.Secure, "www.shop.test. IN A is signed")]
    [InlineData("alias.shop.test", DnsType.AAAA, ValidationStatus.Secure, "signed")]
    [InlineData("shop.test", DnsType.DNSKEY, ValidationStatus.Secure, "signed")]
    [InlineData("shop.test", DnsType.DS, ValidationStatus.Secure, "signed")]
    [InlineData("x.wild.shop.test", DnsType.TXT, ValidationStatus.Secure, "signed")]
    [InlineData("x.wild.shop.test", DnsType.A, ValidationStatus.Secure, "there is no")]
    [InlineData("www.shop.test", DnsType.MX, ValidationStatus.Secure, "there is no")]
    [InlineData("b.c.shop.test", DnsType.A, ValidationStatus.Secure, "there is no")]
    [InlineData("nothing.shop.test", DnsType.A, ValidationStatus.Secure, "does not exist")]
    [InlineData("nothing.test", DnsType.A, ValidationStatus.Secure, "does not exist")]
    [InlineData("nothing", DnsType.A, ValidationStatus.Secure, "does not exist")]
    [InlineData("ns.test", DnsType.MX, ValidationStatus.Secure, "there is no")]
    [InlineData("bare.test", DnsType.DS, ValidationStatus.Secure, "there is no")]
    [InlineData("www.bare.test", DnsType.A, ValidationStatus.Insecure, "not to be signed")]
    [InlineData("nothing.bare.test", DnsType.A, ValidationStatus.Insecure, "not to be signed")]
    [InlineData("www.plain", DnsType.A, ValidationStatus.Insecure, "not to be signed")]
    [InlineData("www.bogus.test", DnsType.A, ValidationStatus.Bogus, "does not hold")]
    [InlineData("www.old.test", DnsType.A, ValidationStatus.Bogus, "expired on 2020-02-01")]
    public async Task Signatures_are_checked_from_the_root_down(string name, DnsType type, ValidationStatus status, string reason)
    {
        var (result, _) = await ValidateAsync(name, type, Anchors());
        Assert.Equal(status, result.Status);
        Assert.Contains(reason.Replace(" IN ", " ", StringComparison.Ordinal), result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_root_key_makes_all_of_it_bogus()
    {
        var (result, _) = await ValidateAsync("www.shop.test", DnsType.A, TrustAnchors.Root);
        Assert.Equal(ValidationStatus.Bogus, result.Status);
        Assert.Contains("none of the keys of . is the one that is trusted", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_of_a_zone_below_is_an_anchor_as_well()
    {
        var (_, answer) = await ValidateAsync("test", DnsType.DNSKEY, Anchors());
        var keys = string.Join('\n', Messages.Read(answer.Reply.Message).Answers.Where(static record => record.Type == DnsType.DNSKEY).Select(static record => record.ToString()));
        Assert.True(TrustAnchors.TryParse(keys, out var anchors, out var fault), fault);
        Assert.Equal(ValidationStatus.Secure, (await ValidateAsync("www.shop.test", DnsType.A, anchors)).Result.Status);
        Assert.Equal(ValidationStatus.Insecure, (await ValidateAsync("www.plain", DnsType.A, anchors)).Result.Status);
    }

    [Fact]
    public async Task What_an_attacker_takes_away_or_changes_is_missed()
    {
        // Each record of the answer is left out or changed in turn: no such answer may pass as secure with other data.
        var question = Messages.Question("www.shop.test");
        using var walk = await _reactor.RunAsync(() => Task.FromResult(new DelegationWalk(_reactor.Reactor, Hints(), (ushort)zones.Port, Patient)));
        var query = QueryOptions.Default with { DnssecOk = true };
        var honest = await _reactor.RunAsync(() => walk.WalkAsync(question, query).AsTask());
        var validator = new DnssecValidator(Anchors(), async (further, stop) => (await walk.WalkAsync(further, query, cancellation: stop)).Reply.Message);
        var message = Messages.Read(honest.Reply.Message);
        var variants = new List<(string What, Protocols.Dns.Messages.DnsMessage Message)>
        {
            ("without records", With(message, static _ => false)),
            ("without signatures", With(message, static record => record.Type != DnsType.RRSIG)),
            ("one address less", With(message, record => record != message.Answers[0])),
            ("another name's denial", With(message, static _ => false, DnsRcode.NXDomain)),
        };
        foreach (var (what, changed) in variants)
        {
            var buffer = new byte[4096];
            Assert.True(changed.TryWrite(buffer, out var length));
            var result = await _reactor.RunAsync(() => validator.ValidateAsync(question, buffer.AsMemory(0, length)).AsTask());
            Assert.True(result.Status == ValidationStatus.Bogus, $"{what}: {result}");
        }
        Assert.Equal(ValidationStatus.Secure, (await _reactor.RunAsync(() => validator.ValidateAsync(question, honest.Reply.Message).AsTask())).Status);
    }

    [Fact]
    public async Task A_walk_goes_through_every_zone_and_keeps_what_it_learnt()
    {
        var steps = new List<string>();
        using var walk = await _reactor.RunAsync(() => Task.FromResult(new DelegationWalk(_reactor.Reactor, Hints(), (ushort)zones.Port, Patient)));
        var last = await _reactor.RunAsync(() => walk.WalkAsync(Messages.Question("www.shop.test"), QueryOptions.Default, step => steps.Add($"{step.Zone} {step.Server}")).AsTask());
        Assert.Equal([". a.root.", "test. ns.test.", "shop.test. ns.shop.test."], steps);
        Assert.Equal(2, last.Message.Answers.Count);
        steps.Clear();
        await _reactor.RunAsync(() => walk.WalkAsync(Messages.Question("alias.shop.test"), QueryOptions.Default, step => steps.Add($"{step.Zone}")).AsTask());
        Assert.Equal(["shop.test."], steps);
    }

    private static Protocols.Dns.Messages.DnsMessage With(
        Protocols.Dns.Messages.DnsMessage message, Func<Protocols.Dns.Messages.DnsRecord, bool> keep, DnsRcode rcode = DnsRcode.NoError) => new()
        {
            Header = new Protocols.Dns.Messages.DnsHeader(0, DnsFlags.Response, rcode: rcode),
            Questions = message.Questions,
            Answers = [.. message.Answers.Where(keep)],
            Authorities = message.Authorities,
        };

    private async Task<(ValidationResult Result, WalkStep Answer)> ValidateAsync(string name, DnsType type, TrustAnchors anchors)
    {
        var question = Messages.Question(name, type);
        using var walk = await _reactor.RunAsync(() => Task.FromResult(new DelegationWalk(_reactor.Reactor, Hints(), (ushort)zones.Port, Patient)));
        var query = QueryOptions.Default with { DnssecOk = true };
        var validator = new DnssecValidator(anchors, async (further, stop) => (await walk.WalkAsync(further, query, cancellation: stop)).Reply.Message);
        return await _reactor.RunAsync(async () =>
        {
            var last = await walk.WalkAsync(question, query);
            return (await validator.ValidateAsync(question, last.Reply.Message), last);
        });
    }

    private RootHints Hints() => RootHints.TryParse(File.ReadAllText(zones.HintsFile), out var hints, out var fault) ? hints : throw new FormatException(fault);

    private TrustAnchors Anchors() => TrustAnchors.TryParse(File.ReadAllText(zones.AnchorFile), out var anchors, out var fault) ? anchors : throw new FormatException(fault);
}
