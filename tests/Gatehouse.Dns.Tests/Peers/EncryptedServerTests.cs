using Gatehouse.Dns.Servers;
using Gatehouse.Dns.Tests.Support;
using Gatehouse.Protocols.Dns;

namespace Gatehouse.Dns.Tests.Peers;

/// <summary>unbound and dnsdist over TLS and HTTPS: certificates good and bad, pinned keys, kept connections.</summary>
public sealed class EncryptedServerTests(EncryptedServers servers) : IClassFixture<EncryptedServers>, IDisposable
{
    private readonly OneReactor _reactor = new();

    public void Dispose() => _reactor.Dispose();

    [Theory]
    [InlineData("tls", "unbound", "")]
    [InlineData("tls", "dnsdist", "")]
    [InlineData("https", "unbound", "")]
    [InlineData("https", "dnsdist", "")]
    [InlineData("https", "unbound", ",method=get")]
    [InlineData("https", "dnsdist", ",method=get")]
    public async Task Answers_come_over_one_kept_connection(string protocol, string peer, string more)
    {
        using var server = Server(servers.Address(protocol, peer, more));
        var first = await _reactor.QueryAsync(server, Messages.Question("www.names.test"));
        Assert.Equal("192.0.2.1", Address(first));
        Assert.False(first.IsReused);
        Assert.StartsWith("TLSv1.", first.Tls!.Version, StringComparison.Ordinal);
        Assert.Contains("dns.names.test", first.Tls.Peer!.Names);
        var rest = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _reactor.QueryAsync(server, Messages.Question("www.names.test"))));
        Assert.All(rest, reply =>
        {
            Assert.Equal("192.0.2.1", Address(reply));
            Assert.True(reply.IsReused);
        });
        Assert.Equal(protocol == "tls" ? ServerProtocol.Tls : ServerProtocol.Https, first.Protocol);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("https")]
    public async Task A_certificate_for_another_name_is_refused(string protocol)
    {
        using var server = Server(servers.Address(protocol, "unbound", "").Replace("dns.names.test", "other.test", StringComparison.Ordinal));
        var exception = await Assert.ThrowsAsync<DnsException>(() => _reactor.QueryAsync(server, Messages.Question("www.names.test")));
        Assert.Equal(DnsFault.Untrusted, exception.Fault);
        Assert.Contains("not for other.test", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("https")]
    public async Task An_expired_certificate_is_refused(string protocol)
    {
        using var server = Server(servers.Address(protocol, "expired", ""));
        var exception = await Assert.ThrowsAsync<DnsException>(() => _reactor.QueryAsync(server, Messages.Question("www.names.test")));
        Assert.Equal(DnsFault.Untrusted, exception.Fault);
        Assert.Contains("expired", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("https")]
    public async Task Who_does_not_verify_is_answered_by_anybody(string protocol)
    {
        using var server = Server(servers.Address(protocol, "expired", ",verify=off"));
        Assert.Equal("192.0.2.1", Address(await _reactor.QueryAsync(server, Messages.Question("www.names.test"))));
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("https")]
    public async Task A_pinned_key_stands_for_itself_and_for_no_other(string protocol)
    {
        using var seen = Server(servers.Address(protocol, "expired", ",verify=off"));
        var reply = await _reactor.QueryAsync(seen, Messages.Question("www.names.test"));
        var pin = ServerKey.PinOf(reply.Tls!.Peer!);
        using var pinned = Server(servers.Address(protocol, "expired", $",pin=sha256/{pin}"));
        Assert.Equal("192.0.2.1", Address(await _reactor.QueryAsync(pinned, Messages.Question("www.names.test"))));
        using var other = Server(servers.Address(protocol, "unbound", $",pin={pin}"));
        var exception = await Assert.ThrowsAsync<DnsException>(() => _reactor.QueryAsync(other, Messages.Question("www.names.test")));
        Assert.Equal(DnsFault.Untrusted, exception.Fault);
        Assert.Contains($"expected the public key {pin}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_that_is_not_trusted_is_refused()
    {
        Assert.True(ServerAddress.TryParse(servers.Address("tls", "unbound", ""), out var address, out _));
        using var server = _reactor.Server(address, ServerOptions.Default with { Timeout = TimeSpan.FromSeconds(20), Authorities = [servers.OtherAuthority] });
        var exception = await Assert.ThrowsAsync<DnsException>(() => _reactor.QueryAsync(server, Messages.Question("www.names.test")));
        Assert.Equal(DnsFault.Untrusted, exception.Fault);
    }

    [Fact]
    public async Task A_resource_that_is_none_says_its_status()
    {
        using var server = Server(servers.Address("https", "unbound", "").Replace("/dns-query", "/nothing", StringComparison.Ordinal));
        var exception = await Assert.ThrowsAsync<DnsException>(() => _reactor.QueryAsync(server, Messages.Question("www.names.test")));
        Assert.Equal(DnsFault.BadReply, exception.Fault);
        Assert.Contains("404", exception.Message, StringComparison.Ordinal);
    }

    private static string Address(ServerReply reply) => string.Join(' ', Messages.Read(reply.Message).Answers.Where(static record => record.Type == DnsType.A)
        .Select(static record => Protocols.Addresses.IpAddress.FromBytes(record.Data.Span)));

    private NameServer Server(string text)
    {
        Assert.True(ServerAddress.TryParse(text, out var address, out var fault), fault);
        return _reactor.Server(address, ServerOptions.Default with { Timeout = TimeSpan.FromSeconds(20), Authorities = [servers.Authority] });
    }
}
