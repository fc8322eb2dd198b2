using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Tls;
using Gatehouse.Testing;

namespace Gatehouse.Net.Tests.Tls;

/// <summary>What the server's side decides: certificates by name, protocols, client certificates, resumption.</summary>
public sealed class TlsServerTests : IDisposable
{
    private readonly TlsLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("a.test", "a.test")]
    [InlineData("b.test", "b.test")]
    [InlineData("x.w.test", "*.w.test")]
    [InlineData("x.y.w.test", "*.w.test")]
    [InlineData("w.test", "a.test")]
    [InlineData("unknown.test", "a.test")]
    public async Task The_certificate_is_picked_by_name(string asked, string presented)
    {
        var server = Sites(refuse: false);
        _lab.Client = new TlsClient(new TlsClientOptions { Verify = false });
        var ends = await _lab.Connect("memory", server, asked);
        Assert.Equal([presented], ends[0].Transport.Tls!.Peer!.Names);
        Assert.Equal(asked, ends[1].Transport.Tls!.ServerName);
    }

    [Fact]
    public async Task An_unknown_name_can_be_refused()
    {
        var client = await _lab.Begin("memory", new TlsAcceptor(Sites(refuse: true), new Acceptor(_ => Assert.Fail("accepted")), _lab), "unknown.test");
        await client.Seen.Saw("broken 71");
        Assert.Contains("unrecognized name", client.Transport.Fault, StringComparison.Ordinal);
        await Failed("no site is named 'unknown.test'");
    }

    [Fact]
    public async Task A_site_that_is_named_by_an_address_is_found_by_where_the_client_connected()
    {
        var certificate = _lab.NewCertificate("127.0.0.1");
        var server = new TlsServer(new TlsServerOptions
        {
            Sites = [new TlsSite(["a.test"], new FixedCertificate(_lab.Certificate)), new TlsSite(["127.0.0.1"], new FixedCertificate(certificate))],
        });
        var ends = await _lab.Connect("tcp", server, "127.0.0.1");
        Assert.Equal(["127.0.0.1"], ends[0].Transport.Tls!.Peer!.Names);
        Assert.Null(ends[1].Transport.Tls!.ServerName);
    }

    [Fact]
    public async Task A_certificate_that_is_being_made_is_waited_for()
    {
        var source = new LateSource();
        var server = new TlsServer(new TlsServerOptions { Sites = [new TlsSite([], source)] });
        var connecting = _lab.Connect("tcp", server);
        Assert.Equal("a.test", await source.Asked.Task.WaitAsync(ReactorExtensions.Limit));
        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(connecting.IsCompleted);
        source.Made.SetResult(_lab.Certificate);
        await connecting;
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_made_ends_the_handshake()
    {
        var source = new LateSource();
        var server = new TlsServer(new TlsServerOptions { Sites = [new TlsSite(["a.test"], source)] });
        var client = await _lab.Begin("tcp", new TlsAcceptor(server, new Acceptor(_ => Assert.Fail("accepted")), _lab));
        Assert.Equal("a.test", await source.Asked.Task.WaitAsync(ReactorExtensions.Limit));
        source.Made.SetException(new IOException("the authority is down"));
        await client.Seen.Saw("broken 71");
        await Failed("the certificate for 'a.test': the authority is down");
    }

    [Fact]
    public async Task A_certificate_is_changed_without_touching_connections_that_stand()
    {
        var source = new ChangingSource { Certificate = _lab.Certificate };
        var server = new TlsServer(new TlsServerOptions { Sites = [new TlsSite([], source)] });
        var before = await _lab.Connect("tcp", server);
        source.Certificate = _lab.NewCertificate("a.test", "new.test");
        var after = await _lab.Connect("tcp", server);
        Assert.Equal(["a.test"], before[0].Transport.Tls!.Peer!.Names);
        Assert.Equal(["a.test", "new.test"], after[0].Transport.Tls!.Peer!.Names);
        var received = before[1].Receive(5);
        await before[0].Send("still"u8.ToArray());
        Assert.Equal("still"u8.ToArray(), await received);
    }

    [Fact]
    public async Task The_servers_preference_picks_the_protocol_and_no_common_one_is_refused()
    {
        var server = _lab.Server(options => options with { Protocols = ["h2", "http/1.1"] });
        _lab.Client = Client(options => options with { Protocols = ["http/1.1", "h2"] });
        var ends = await _lab.Connect("memory", server);
        Assert.Equal("h2", ends[0].Transport.Tls!.Protocol);
        Assert.Equal("h2", ends[1].Transport.Tls!.Protocol);

        _lab.Client = Client(options => options with { Protocols = ["irc"] });
        var refused = await _lab.Begin("memory", new TlsAcceptor(server, new Acceptor(_ => Assert.Fail("accepted")), _lab));
        await refused.Seen.Saw("broken 71");
        Assert.Contains("no application protocol", refused.Transport.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_challenge_is_answered_by_its_own_certificate_and_protocol()
    {
        var source = new ChangingSource { Certificate = _lab.Certificate, Challenge = _lab.NewCertificate("proof.test") };
        var server = new TlsServer(new TlsServerOptions { Sites = [new TlsSite(["a.test"], source)] });
        _lab.Client = new TlsClient(new TlsClientOptions { Verify = false, Protocols = ["acme-tls/1"] });
        var client = await _lab.Begin("memory", new TlsAcceptor(server, new Acceptor(_ => Assert.Fail("accepted")), _lab));
        await client.Seen.Saw("writable");
        Assert.Equal("acme-tls/1", client.Transport.Tls!.Protocol);
        Assert.Equal(["proof.test"], client.Transport.Tls!.Peer!.Names);
        source.Challenge = null;
        var refused = await _lab.Begin("memory", new TlsAcceptor(server, new Acceptor(_ => Assert.Fail("accepted")), _lab));
        await refused.Seen.Saw("broken 71");
    }

    [Theory]
    [InlineData(TlsClientAuth.Required, true, true)]
    [InlineData(TlsClientAuth.Required, false, false)]
    [InlineData(TlsClientAuth.Optional, true, true)]
    [InlineData(TlsClientAuth.Optional, false, true)]
    [InlineData(TlsClientAuth.Off, true, true)]
    public async Task A_client_certificate_is_asked_for_as_told(TlsClientAuth auth, bool has, bool isAccepted)
    {
        var server = Mutual(auth);
        if (has)
            _lab.Client = Client(options => options with { Certificate = ClientCertificate(_lab.Authority) });
        if (!isAccepted)
        {
            await Refused(server, "peer did not return a certificate");
            return;
        }

        var ends = await _lab.Connect("tcp", server);
        Assert.Equal(has && auth != TlsClientAuth.Off ? "CN=Alice" : null, ends[1].Transport.Tls!.Peer?.Subject);
    }

    [Theory]
    [InlineData(TlsClientAuth.Required)]
    [InlineData(TlsClientAuth.Optional)]
    public async Task A_client_certificate_of_another_authority_is_refused(TlsClientAuth auth)
    {
        using var other = new TestAuthority("Somebody Else");
        _lab.Client = Client(options => options with { Certificate = ClientCertificate(other) });
        await Refused(Mutual(auth), "the certificate 'CN=Alice' is not accepted");
    }

    [Fact]
    public async Task A_server_certificate_does_not_pass_as_a_clients()
    {
        var (certificate, key) = _lab.Authority.Issue("alice.test");
        _lab.Client = Client(options => options with { Certificate = TlsCertificate.FromPem(certificate, key) });
        await Refused(Mutual(TlsClientAuth.Required), "purpose");
    }

    [Fact]
    public async Task A_session_is_resumed_with_its_verified_client()
    {
        var server = Mutual(TlsClientAuth.Required);
        _lab.Client = Client(options => options with { Certificate = ClientCertificate(_lab.Authority) });
        await Visit(server, isResumed: false);
        var ends = await Visit(server, isResumed: true);
        Assert.Equal("CN=Alice", ends[1].Transport.Tls!.Peer!.Subject);
    }

    [Fact]
    public async Task A_session_that_began_without_a_client_certificate_is_not_resumed_where_one_is_wanted()
    {
        var keys = new TlsTicketKeys();
        await Visit(_lab.Server(options => options with { TicketKeys = keys }), isResumed: false);
        await Refused(Mutual(TlsClientAuth.Required, keys), "peer did not return a certificate");
    }

    [Fact]
    public async Task Sessions_are_resumed_across_servers_with_the_same_keys_and_outlive_rotations_for_a_while()
    {
        var keys = new TlsTicketKeys();
        TlsServer Next() => _lab.Server(options => options with { TicketKeys = keys });
        await Visit(Next(), isResumed: false);
        await Visit(Next(), isResumed: true);
        keys.Rotate();
        await Visit(Next(), isResumed: true);
        for (var i = 0; i < 4; i++)
            keys.Rotate();
        await Visit(Next(), isResumed: false);
        await Visit(_lab.Server(options => options with { TicketKeys = new TlsTicketKeys() }), isResumed: false);
    }

    [Fact]
    public async Task Keys_rotate_by_themselves()
    {
        var time = new ManualTime();
        var keys = new TlsTicketKeys(TimeSpan.FromHours(4), time);
        var server = _lab.Server(options => options with { TicketKeys = keys });
        await Visit(server, isResumed: false);
        time.Advance(TimeSpan.FromHours(5));
        await Visit(server, isResumed: true);
        time.Advance(TimeSpan.FromHours(40));
        await Visit(server, isResumed: false);
    }

    [Fact]
    public async Task Kept_keys_open_the_tickets_of_the_process_before()
    {
        var time = new ManualTime();
        var store = new KeyStore();
        TlsServer Next() => _lab.Server(options => options with { TicketKeys = new TlsTicketKeys(TimeSpan.FromHours(4), time, store) });
        await Visit(Next(), isResumed: false);
        time.Advance(TimeSpan.FromHours(5));
        await Visit(Next(), isResumed: true);
        time.Advance(TimeSpan.FromHours(40));
        await Visit(Next(), isResumed: false);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(100)]
    [InlineData(4096)]
    public void What_is_no_file_of_keys_is_replaced(int length)
    {
        var store = new KeyStore { Content = Clients.Random(length) };
        _ = new TlsTicketKeys(store: store);
        Assert.Equal(88, store.Content!.Length);
        var kept = store.Content;
        _ = new TlsTicketKeys(store: store);
        Assert.Equal(kept[8..], store.Content[8..]);
    }

    [Fact]
    public async Task Without_keys_there_are_no_tickets()
    {
        await Visit(_lab.Server(), isResumed: false);
        await Visit(_lab.Server(), isResumed: false);
    }

    private sealed class KeyStore : ITicketKeyStore
    {
        public byte[]? Content { get; set; }

        public byte[]? Load() => Content;

        public void Save(byte[] content) => Content = content;
    }

    private static TlsCertificate ClientCertificate(TestAuthority authority)
    {
        var (certificate, key) = authority.Issue(new TestLeaf { Subject = "CN=Alice", Names = ["alice"], IsClient = true });
        return TlsCertificate.FromPem(certificate, key);
    }

    private async Task<TlsEnd[]> Visit(TlsServer server, bool isResumed)
    {
        var ends = await _lab.Connect("tcp", server);
        Assert.Equal(isResumed, ends[0].Transport.Tls!.IsResumed);
        Assert.Equal(isResumed, ends[1].Transport.Tls!.IsResumed);

        // Tickets come before the first byte.
        var received = ends[0].Receive();
        await ends[1].Send("x"u8.ToArray(), transport => transport.Close());
        await received;
        await ends[0].On(transport => transport.Close());
        return ends;
    }

    private async Task Refused(TlsServer server, string reason)
    {
        var client = await _lab.Begin("tcp", new TlsAcceptor(server, new Acceptor(_ => Assert.Fail("accepted")), _lab));
        await Failed(reason);

        // With TLS 1.3 the client's side of the handshake is over before the server has looked at its certificate.
        var read = client.Receive();
        await Assert.ThrowsAsync<IOException>(() => read);
    }

    private async Task Failed(string reason)
    {
        var end = DateTime.UtcNow + ReactorExtensions.Limit;
        while (!_lab.Failures.Any(failure => failure.Contains(reason, StringComparison.Ordinal)))
        {
            Assert.True(DateTime.UtcNow < end, $"Expected a failure with '{reason}'; found: {string.Join("; ", _lab.Failures)}");
            await Task.Delay(5);
        }
    }

    private TlsClient Client(Func<TlsClientOptions, TlsClientOptions> change) => new(change(new TlsClientOptions { Authorities = [_lab.Authority.Der] }));

    private TlsServer Sites(bool refuse) => new(new TlsServerOptions
    {
        RefuseUnknownNames = refuse,
        Sites = [.. ((string[])["a.test", "b.test", "*.w.test"]).Select(name => new TlsSite([name], new FixedCertificate(_lab.NewCertificate(name))))],
    });

    private TlsServer Mutual(TlsClientAuth auth, TlsTicketKeys? keys = null) => new(new TlsServerOptions
    {
        Sites = [new TlsSite([], new FixedCertificate(_lab.Certificate), auth, [_lab.Authority.Der])],
        TicketKeys = keys ?? new TlsTicketKeys(),
    });

    private sealed class LateSource : ICertificateSource
    {
        public TaskCompletionSource<string> Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<TlsCertificate?> Made { get; } = new();

        public ValueTask<TlsCertificate?> FindAsync(string serverName)
        {
            Asked.TrySetResult(serverName);
            return new ValueTask<TlsCertificate?>(Made.Task);
        }
    }

    private sealed class ChangingSource : ICertificateSource
    {
        public TlsCertificate? Certificate { get; set; }

        public TlsCertificate? Challenge { get; set; }

        public ValueTask<TlsCertificate?> FindAsync(string serverName) => new(Certificate);

        public TlsCertificate? FindChallenge(string serverName) => Challenge;
    }

    private sealed class ManualTime : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _now);

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(Volatile.Read(ref _now));

        public void Advance(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks);
    }
}
