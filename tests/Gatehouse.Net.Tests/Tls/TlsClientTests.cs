using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Testing;

namespace Gatehouse.Net.Tests.Tls;

/// <summary>What a client verifies, and what it says when it does not like it.</summary>
public sealed class TlsClientTests : IDisposable
{
    private readonly TlsLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task A_certificate_for_another_name_is_refused_with_its_names() =>
        await Refuses(new TestLeaf { Names = ["a.test", "b.test"] }, "c.test", "the certificate is for a.test, b.test, not for c.test");

    [Fact]
    public async Task A_common_name_does_not_count() =>
        await Refuses(new TestLeaf { Subject = "CN=a.test" }, "a.test", "no subjectAltName, only the subject 'CN=a.test'");

    [Fact]
    public async Task A_common_name_does_not_count_beside_another_name() =>
        await Refuses(new TestLeaf { Subject = "CN=a.test", Names = ["b.test"] }, "a.test", "the certificate is for b.test, not for a.test");

    [Fact]
    public async Task A_wildcard_is_one_label()
    {
        await Accepts(new TestLeaf { Names = ["*.w.test"] }, "x.w.test");
        await Refuses(new TestLeaf { Names = ["*.w.test"] }, "x.y.w.test", "the certificate is for *.w.test, not for x.y.w.test");
    }

    [Fact]
    public async Task Addresses_are_compared_as_addresses()
    {
        await Accepts(new TestLeaf { Names = ["127.0.0.1", "::1"] }, "127.0.0.1");
        await Accepts(new TestLeaf { Names = ["127.0.0.1", "::1"] }, "[::1]");
        await Refuses(new TestLeaf { Names = ["127.0.0.1"] }, "127.0.0.2", "the certificate is for 127.0.0.1, not for 127.0.0.2");
    }

    [Fact]
    public async Task Another_authority_is_not_trusted()
    {
        using var other = new TestAuthority("Somebody Else");
        var (certificate, key) = other.Issue("a.test");
        await Refuses(TlsCertificate.FromPem(certificate, key), "a.test", "unable to get local issuer certificate");
    }

    [Fact]
    public async Task An_expired_certificate_is_refused_with_its_date() => await Refuses(
        new TestLeaf { Names = ["a.test"], NotAfter = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(-2), TimeSpan.Zero) }, "a.test",
        $"certificate has expired (it expired on {DateTime.UtcNow.Date.AddDays(-2).ToLocalTime():yyyy-MM-dd}");

    [Fact]
    public async Task The_systems_store_does_not_know_an_authority_of_a_test()
    {
        _lab.Client = new TlsClient();
        await Refuses(_lab.Certificate, "a.test", "is not accepted");
    }

    [Fact]
    public async Task Verification_can_be_switched_off()
    {
        _lab.Client = new TlsClient(new TlsClientOptions { Verify = false });
        await Accepts(new TestLeaf { Subject = "CN=whoever" }, "a.test");
    }

    [Fact]
    public async Task An_RSA_certificate_is_as_good() => await Accepts(new TestLeaf { Names = ["a.test"], IsRsa = true }, "a.test");

    [Fact]
    public async Task A_server_that_speaks_no_TLS_is_told_as_such()
    {
        using var listener = Listener.Start(_lab.Group.Reactors, Acceptor.Loopback, new Acceptor(transport =>
        {
            transport.Write("HTTP/1.1 400 Bad Request\r\n\r\n"u8);
            transport.Events = new Recorder();
        }));
        var client = await _lab.Begin(listener.Endpoint);
        await client.Seen.Saw($"broken {Errno.Protocol}");
        Assert.Equal("TLS handshake: wrong version number", client.Transport.Fault);
    }

    [Fact]
    public async Task A_server_that_goes_away_in_the_handshake_is_told_as_such()
    {
        using var listener = Listener.Start(_lab.Group.Reactors, Acceptor.Loopback, new Acceptor(transport =>
        {
            var seen = new Recorder { Readable = transport.ShutdownWrite };
            transport.Events = seen;
            transport.Watch();
            transport.ShutdownWrite();
        }));
        var client = await _lab.Begin(listener.Endpoint);
        await client.Seen.Saw($"broken {Errno.ConnectionReset}");
        Assert.Contains("in the middle of the TLS handshake", client.Transport.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_connection_is_the_carriers_fault()
    {
        var client = await _lab.Begin(new Gatehouse.Protocols.Addresses.Endpoint(Acceptor.Loopback.Address, (ushort)FreePort.Tcp()));
        await client.Seen.Saw($"broken {Errno.ConnectionRefused}");
        Assert.Null(client.Transport.Fault);
    }

    private TlsCertificate Issue(TestLeaf leaf)
    {
        var (certificate, key) = _lab.Authority.Issue(leaf);
        return TlsCertificate.FromPem(certificate, key);
    }

    private async Task Accepts(TestLeaf leaf, string name) =>
        await _lab.Connect("memory", new TlsServer(new TlsServerOptions { Sites = [new TlsSite([], new FixedCertificate(Issue(leaf)))] }), name);

    private Task Refuses(TestLeaf leaf, string name, string reason) => Refuses(Issue(leaf), name, reason);

    private async Task Refuses(TlsCertificate certificate, string name, string reason)
    {
        var server = new TlsServer(new TlsServerOptions { Sites = [new TlsSite([], new FixedCertificate(certificate))] });
        var client = await _lab.Begin("memory", new TlsAcceptor(server, new Acceptor(_ => Assert.Fail("accepted")), _lab), name);
        await client.Seen.Saw($"broken {Errno.Protocol}");
        Assert.Contains(reason, client.Transport.Fault, StringComparison.Ordinal);
        Assert.True(await client.On(transport => transport.Read(new byte[1]).IsFailure));
    }
}
