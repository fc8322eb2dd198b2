using System.Collections.Concurrent;
using Gatehouse.Pki.Acme.Client;
using Gatehouse.Pki.Authority;
using Gatehouse.Pki.Keeping;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Tests.Keeping;

public sealed class CertificateKeeperTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Events _events = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Local_certificates_are_there_at_once_and_the_same_object_each_time()
    {
        await using var keeper = new CertificateKeeper(_folder["state"], _events);
        var local = new LocalIssuer(_folder["state"]);
        keeper.Keep([Wish(local, "shop.test", "www.shop.test"), Wish(local, "*.wild.test"), Wish(local, "127.0.0.1")]);
        var first = await keeper.FindAsync("shop.test");
        Assert.Equal(["shop.test", "www.shop.test"], first!.Names);
        Assert.Same(first, await keeper.FindAsync("www.shop.test"));
        Assert.Equal(["*.wild.test"], (await keeper.FindAsync("a.wild.test"))!.Names);
        Assert.Equal(["127.0.0.1"], (await keeper.FindAsync("127.0.0.1"))!.Names);
        Assert.Null(await keeper.FindAsync("wild.test"));
        Assert.Null(await keeper.FindAsync("a.b.wild.test"));
        Assert.Null(await keeper.FindAsync("other.test"));
    }

    [Fact]
    public async Task What_is_stored_is_served_again_and_what_stays_wished_is_not_touched()
    {
        var local = new LocalIssuer(_folder["state"]);
        IReadOnlyList<ReadOnlyMemory<byte>> chain;
        await using (var keeper = new CertificateKeeper(_folder["state"], _events))
        {
            keeper.Keep([Wish(local, "shop.test")]);
            var before = await keeper.FindAsync("shop.test");
            keeper.Keep([Wish(local, "shop.test"), Wish(local, "b.test")]);
            Assert.Same(before, await keeper.FindAsync("shop.test"));
            keeper.Keep([Wish(local, "b.test")]);
            Assert.Null(await keeper.FindAsync("shop.test"));
            chain = before!.Chain;
        }
        await using var next = new CertificateKeeper(_folder["state"], _events);
        next.Keep([Wish(local, "shop.test")]);
        Assert.Equal(chain[0].ToArray(), (await next.FindAsync("shop.test"))!.Chain[0].ToArray());
    }

    [Fact]
    public async Task Files_of_certificates_that_nobody_keeps_go_a_month_after_they_expired()
    {
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        var local = new LocalIssuer(_folder["state"], clock);
        await using (var keeper = new CertificateKeeper(_folder["state"], _events, clock: clock))
            keeper.Keep([Wish(local, "left.test"), Wish(local, "stays.test")]);
        string[] Files() => [.. Directory.GetFiles(_folder["state/certificates"]).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Equal(2, Files().Length);
        var left = IssuedCertificate.Load(Directory.GetFiles(_folder["state/certificates"], "left.test-*")[0])!;
        _folder.Write("state/certificates/other.txt", "somebody else's");

        clock.Now = left.NotAfter + TimeSpan.FromDays(29);
        await using (var keeper = new CertificateKeeper(_folder["state"], _events, clock: clock))
        {
            keeper.Keep([Wish(local, "stays.test")]);
            await Task.Delay(300, TestContext.Current.CancellationToken);
            Assert.Equal(3, Files().Length);
        }

        clock.Now += TimeSpan.FromDays(2);
        await using var last = new CertificateKeeper(_folder["state"], _events, clock: clock);
        last.Keep([Wish(local, "stays.test")]);
        await EventuallyAsync(() => Task.FromResult(Files().Length == 2));
        Assert.StartsWith("stays.test-", Files()[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_is_told_and_replaced()
    {
        var local = new LocalIssuer(_folder["state"]);
        await using (var keeper = new CertificateKeeper(_folder["state"], _events))
            keeper.Keep([Wish(local, "shop.test")]);
        var file = Assert.Single(Directory.GetFiles(_folder["state/certificates"]));
        await File.WriteAllTextAsync(file, "rubbish");
        await using var next = new CertificateKeeper(_folder["state"], _events);
        next.Keep([Wish(local, "shop.test")]);
        Assert.NotNull(await next.FindAsync("shop.test"));
        Assert.Contains("cannot be used", Assert.Single(_events.NotStored), StringComparison.Ordinal);
        Assert.NotNull(IssuedCertificate.Load(file));
    }

    [Fact]
    public async Task A_certificate_is_renewed_at_two_thirds_of_its_life_and_handshakes_get_the_new_one()
    {
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        var scripted = new Scripted(_folder["ca"], clock);
        await using var keeper = new CertificateKeeper(_folder["state"], _events, clock: clock);
        CertificateWish[] wishes = [Wish(scripted, "shop.example.com")];
        keeper.Keep(wishes);
        var first = await keeper.FindAsync("shop.example.com");
        Assert.NotNull(first);
        Assert.InRange(keeper.Status[0].NextTry, clock.Now.AddDays(4.4), clock.Now.AddDays(4.7));
        clock.Now += TimeSpan.FromDays(4.3);
        keeper.Keep(wishes);
        await Task.Delay(200);
        Assert.Same(first, await keeper.FindAsync("shop.example.com"));
        clock.Now += TimeSpan.FromDays(0.5);
        keeper.Keep(wishes);
        await EventuallyAsync(async () => !ReferenceEquals(first, await keeper.FindAsync("shop.example.com")));
        Assert.Null(scripted.Replaced[0]);
        Assert.NotNull(scripted.Replaced[1]);
    }

    [Fact]
    public async Task The_authoritys_wish_moves_the_renewal()
    {
        var window = new RenewalWindow(DateTimeOffset.UtcNow.AddDays(2), DateTimeOffset.UtcNow.AddDays(2).AddMinutes(1), null, DateTimeOffset.UtcNow.AddHours(6));
        var scripted = new Scripted(_folder["ca"]) { Window = window };
        await using var keeper = new CertificateKeeper(_folder["state"], _events);
        keeper.Keep([Wish(scripted, "shop.example.com")]);
        Assert.NotNull(await keeper.FindAsync("shop.example.com"));
        await EventuallyAsync(() => Task.FromResult(keeper.Status[0].NextTry >= window.Start && keeper.Status[0].NextTry <= window.End));
    }

    [Fact]
    public async Task An_authority_that_wishes_renewal_at_once_is_not_asked_without_end()
    {
        var past = new RenewalWindow(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(-1), null, DateTimeOffset.UtcNow.AddHours(6));
        var scripted = new Scripted(_folder["ca"]) { Window = past };
        await using var keeper = new CertificateKeeper(_folder["state"], _events);
        keeper.Keep([Wish(scripted, "shop.example.com")]);
        Assert.NotNull(await keeper.FindAsync("shop.example.com"));
        await Task.Delay(300);
        Assert.Single(scripted.Replaced);
        Assert.InRange(keeper.Status[0].NextTry, DateTimeOffset.UtcNow.AddMinutes(59), DateTimeOffset.UtcNow.AddMinutes(61));
    }

    [Fact]
    public async Task When_the_authority_is_down_the_old_certificate_goes_on_and_the_reason_is_shown()
    {
        var clock = new ManualClock(DateTimeOffset.UtcNow);
        var scripted = new Scripted(_folder["ca"], clock) { FaultAfter = 1 };
        await using var keeper = new CertificateKeeper(_folder["state"], _events, clock: clock);
        CertificateWish[] wishes = [Wish(scripted, "shop.example.com")];
        keeper.Keep(wishes);
        var first = await keeper.FindAsync("shop.example.com");
        Assert.NotNull(first);
        clock.Now += TimeSpan.FromDays(5);
        keeper.Keep(wishes);
        await EventuallyAsync(() => Task.FromResult(keeper.Status[0].Failures == 1));
        var status = keeper.Status[0];
        Assert.Equal("the authority is down for a day", status.LastError);
        Assert.InRange(status.NextTry, clock.Now.AddSeconds(50), clock.Now.AddSeconds(70));
        Assert.Same(first, await keeper.FindAsync("shop.example.com"));
        Assert.Contains("down for a day", Assert.Single(_events.Failed), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_first_certificate_a_handshake_waits_and_is_refused_when_there_is_none()
    {
        var scripted = new Scripted(_folder["ca"]) { FaultAfter = 0, Delay = TimeSpan.FromMilliseconds(200) };
        await using var keeper = new CertificateKeeper(_folder["state"], _events);
        keeper.Keep([Wish(scripted, "shop.example.com")]);
        var waiting = keeper.FindAsync("shop.example.com");
        Assert.False(waiting.IsCompleted);
        Assert.Null(await waiting);
        Assert.Null(await keeper.FindAsync("shop.example.com"));
    }

    [Fact]
    public async Task What_cannot_be_stored_is_served_all_the_same_and_told()
    {
        var local = new LocalIssuer(_folder["ca"]);
        await using var keeper = new CertificateKeeper(_folder["state"], _events);
        keeper.Keep([Wish(local, "a.test")]);
        var file = Directory.GetFiles(_folder["state/certificates"])[0];
        // A disk that is full refuses the rename at the latest; a folder in its place does the same, also to root.
        File.Delete(file);
        Directory.CreateDirectory(Path.Combine(file, "x"));
        await using var next = new CertificateKeeper(_folder["state"], _events);
        next.Keep([Wish(local, "a.test")]);
        Assert.NotNull(await next.FindAsync("a.test"));
        Assert.NotEmpty(_events.NotStored);
    }

    [Fact]
    public async Task On_demand_asks_first_and_no_more_than_the_limit()
    {
        await using var keeper = new CertificateKeeper(_folder["state"], _events);
        var asked = new ConcurrentQueue<string>();
        var source = new OnDemandCertificates(keeper, new Scripted(_folder["ca"]), (name, _) =>
        {
            asked.Enqueue(name);
            return name.StartsWith("bad", StringComparison.Ordinal) ? Task.FromResult(false)
                : name.StartsWith("broken", StringComparison.Ordinal) ? Task.FromException<bool>(new IOException("no answer"))
                : Task.FromResult(true);
        }, perHour: 2);
        Assert.NotNull(await source.FindAsync("a.example.com"));
        Assert.NotNull(await source.FindAsync("a.example.com"));
        Assert.Null(await source.FindAsync("bad.example.com"));
        Assert.Null(await source.FindAsync("bad.example.com"));
        Assert.Null(await source.FindAsync("broken.example.com"));
        Assert.Null(await source.FindAsync("no name"));
        Assert.NotNull(await source.FindAsync("b.example.com"));
        Assert.Null(await source.FindAsync("c.example.com"));
        Assert.Equal(["a.example.com", "bad.example.com", "broken.example.com", "b.example.com", "c.example.com"], asked);
    }

    [Fact]
    public async Task What_strangers_can_have_made_at_will_is_not_stored()
    {
        await using var keeper = new CertificateKeeper(_folder["state"], _events);
        var source = new OnDemandCertificates(keeper, new LocalIssuer(_folder["state"]), (_, _) => Task.FromResult(true), perHour: 2);
        Assert.NotNull(await source.FindAsync("a.localhost"));
        Assert.Empty(Directory.GetFiles(_folder["state/certificates"]));
    }

    [Fact]
    public void Waits_grow_to_six_hours()
    {
        Assert.Equal(TimeSpan.FromMinutes(1), BackOff.After(1, 0.5));
        Assert.Equal(TimeSpan.FromMinutes(8), BackOff.After(4, 0.5));
        Assert.Equal(TimeSpan.FromHours(6), BackOff.After(100, 0.5));
        Assert.InRange(BackOff.After(1, 0), TimeSpan.FromSeconds(53), TimeSpan.FromSeconds(55));
    }

    private static CertificateWish Wish(ICertificateIssuer issuer, params string[] names) => new([.. names.Select(CertificateName.Parse)], issuer);

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 300; i++)
        {
            if (await condition())
                return;
            await Task.Delay(50);
        }
        Assert.Fail("what was waited for did not come within 15 s");
    }

    private sealed class Scripted(string state, TimeProvider? clock = null) : ICertificateIssuer
    {
        private readonly LocalIssuer _local = new(state, clock);

        public string Name => "scripted";

        public bool IsImmediate => false;

        public RenewalWindow? Window { get; init; }

        public TimeSpan Delay { get; init; }

        public int FaultAfter { get; set; } = int.MaxValue;

        public List<IssuedCertificate?> Replaced { get; } = [];

        public async Task<IssuedCertificate> IssueAsync(IReadOnlyList<CertificateName> names, IssuedCertificate? replaced, CancellationToken cancellation)
        {
            await Task.Delay(Delay, cancellation);
            if (Replaced.Count >= FaultAfter)
                throw new IssueException("the authority is down for a day");
            Replaced.Add(replaced);
            return _local.Authority.Issue(names);
        }

        public Task<RenewalWindow?> RenewalWindowAsync(IssuedCertificate certificate, CancellationToken cancellation) => Task.FromResult(Window);
    }

    private sealed class Events : ICertificateEvents
    {
        public ConcurrentQueue<string> Failed { get; } = new();

        public ConcurrentQueue<string> NotStored { get; } = new();

        public void OnIssued(IssuedCertificate certificate, string issuer, DateTimeOffset renewAt)
        {
        }

        public void OnFailed(IReadOnlyList<CertificateName> names, string reason, DateTimeOffset retryAt) => Failed.Enqueue(reason);

        public void OnNotStored(IReadOnlyList<CertificateName> names, string reason) => NotStored.Enqueue(reason);
    }
}
