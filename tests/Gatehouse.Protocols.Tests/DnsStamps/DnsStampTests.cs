using System.Buffers.Text;
using CsCheck;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.DnsStamps;

namespace Gatehouse.Protocols.Tests.DnsStamps;

public sealed class DnsStampTests
{
    // Of public servers, as their owners publish them.
    private const string AdGuard = "sdns://AQMAAAAAAAAAFDE3Ni4xMDMuMTMwLjEzMDo1NDQzINErR_JS3PLCu_iZEIbq95zkSV2LFsigxDIuUso_OQhzIjIuZG5zY3J5cHQuZGVmYXVsdC5uczEuYWRndWFyZC5jb20";
    private const string Cloudflare = "sdns://AgcAAAAAAAAABzEuMC4wLjGgENk8mGSlIfMGXMOlIlCcKvq7AVgcrZxtjon911-ep0cg63Ul-I8NlFj4GplQGb_TTLiczclX57DvMV8Q-JdjgRgSZG5zLmNsb3VkZmxhcmUuY29tCi9kbnMtcXVlcnk";

    [Fact]
    public void A_stamp_of_DNSCrypt_names_address_key_and_provider()
    {
        var stamp = DnsStamp.Parse(AdGuard);
        Assert.Equal(DnsStampKind.DnsCrypt, stamp.Kind);
        Assert.Equal(DnsStampProperties.Dnssec | DnsStampProperties.NoLog, stamp.Properties);
        Assert.Equal("176.103.130.130:5443", stamp.Address);
        Assert.Equal("2.dnscrypt.default.ns1.adguard.com", stamp.ProviderName);
        Assert.Equal("D12B47F252DCF2C2BBF8991086EAF79CE4495D8B16C8A0C4322E52CA3F390873", Convert.ToHexString(stamp.ProviderKey.Span));
        Assert.True(stamp.TryGetEndpoint(443, out var endpoint));
        Assert.Equal(Endpoint.Parse("176.103.130.130:5443"), endpoint);
        Assert.Equal(AdGuard, stamp.ToString());
    }

    [Fact]
    public void A_stamp_of_DNS_over_HTTPS_pins_certificates()
    {
        var stamp = DnsStamp.Parse(Cloudflare);
        Assert.Equal(DnsStampKind.Https, stamp.Kind);
        Assert.Equal("1.0.0.1", stamp.Address);
        Assert.Equal("dns.cloudflare.com", stamp.Host);
        Assert.Equal("/dns-query", stamp.Path);
        Assert.Equal(2, stamp.Hashes.Count);
        Assert.All(stamp.Hashes, hash => Assert.Equal(32, hash.Length));
        Assert.Equal(Cloudflare, stamp.ToString());
    }

    [Theory]
    [InlineData("9.9.9.9", "9.9.9.9:53")]
    [InlineData("[2620:fe::fe]", "[2620:fe::fe]:53")]
    [InlineData("[2620:fe::fe]:9953", "[2620:fe::fe]:9953")]
    [InlineData("127.0.0.1:5300", "127.0.0.1:5300")]
    [InlineData("", null)]
    [InlineData(":853", null)]
    [InlineData("2620:fe::fe", null)]
    [InlineData("dns.example", null)]
    public void An_address_may_name_its_port(string address, string? endpoint)
    {
        var stamp = new DnsStamp { Kind = DnsStampKind.Plain, Address = address };
        Assert.Equal(endpoint is not null, stamp.TryGetEndpoint(53, out var found));
        if (endpoint is not null)
            Assert.Equal(Endpoint.Parse(endpoint), found);
    }

    [Theory]
    [InlineData("https://dns.example", "expected a stamp")]
    [InlineData("sdns://", "expected base64url")]
    [InlineData("sdns://A*", "expected base64url")]
    [InlineData("sdns://BwAAAAAAAAAA", "kind 0x07 is unknown")]
    [InlineData("sdns://AAAA", "ends in its properties")]
    [InlineData("sdns://AAAAAAAAAAAA", "ends in its address")]
    [InlineData("sdns://gQ", "ends in its address")]
    public void What_is_no_stamp_is_refused_with_the_reason(string text, string fault)
    {
        Assert.False(DnsStamp.TryParse(text, out _, out var found));
        Assert.Contains(fault, found);
    }

    [Fact]
    public void Every_kind_is_read_as_it_was_written()
    {
        var text = Gen.Char['!', '~'].Array[0, 40].Select(letters => new string(letters));
        var hash = Gen.Byte.Array[32].Select(bytes => (ReadOnlyMemory<byte>)bytes);
        var stamps = Gen.Select(
            Gen.Enum<DnsStampKind>(), Gen.ULong, text, Gen.Byte.Array[32], text, Gen.Select(hash.List[0, 3], text.Where(one => one.Length > 0).List[0, 3]),
            (kind, properties, address, key, host, sets) => Make(kind, (DnsStampProperties)properties, address, key, host, sets.Item1, sets.Item2));
        stamps.Sample(stamp =>
        {
            var read = DnsStamp.Parse(stamp.ToString());
            Assert.Equal(stamp, read);
            Assert.Equal((stamp.Kind, stamp.Properties, stamp.Address, stamp.Host, stamp.Path, stamp.ProviderName),
                (read.Kind, read.Properties, read.Address, read.Host, read.Path, read.ProviderName));
            Assert.Equal(stamp.Bootstrap, read.Bootstrap);
            Assert.Equal(stamp.Hashes.Count, read.Hashes.Count);
        });
    }

    [Fact]
    public void Any_bytes_have_a_verdict() => Gen.Byte.Array[0, 120].Sample(bytes =>
    {
        if (bytes.Length > 0)
            bytes[0] = (byte)(bytes[0] % 2 == 0 ? bytes[0] % 6 : 0x81);
        var parsed = DnsStamp.TryParse(DnsStamp.Scheme + Base64Url.EncodeToString(bytes), out var stamp, out var fault);
        Assert.Equal(parsed, stamp is not null);
        Assert.NotEqual(parsed, fault is not null);
    });

    private static DnsStamp Make(
        DnsStampKind kind, DnsStampProperties properties, string address, byte[] key, string host, List<ReadOnlyMemory<byte>> hashes, List<string> bootstrap)
    {
        var plain = new DnsStamp { Kind = kind, Properties = properties, Address = address };
        return kind switch
        {
            DnsStampKind.Plain => plain,
            DnsStampKind.DnsCryptRelay => plain with { Properties = DnsStampProperties.None },
            DnsStampKind.DnsCrypt => plain with { ProviderKey = key, ProviderName = host },
            DnsStampKind.ObliviousTarget => plain with { Address = "", Host = host, Path = "/" + host },
            DnsStampKind.Https or DnsStampKind.ObliviousRelay => plain with { Hashes = hashes, Host = host, Path = "/" + host, Bootstrap = bootstrap },
            _ => plain with { Hashes = hashes, Host = host, Bootstrap = bootstrap },
        };
    }
}
