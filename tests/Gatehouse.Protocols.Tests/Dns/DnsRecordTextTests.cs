using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Data;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Protocols.Tests.Dns;

/// <summary>Every type in presentation format, with the bytes that it stands for; the examples are those of the RFCs where these have some.</summary>
public sealed class DnsRecordTextTests
{
    [Theory]
    [InlineData("A", "192.0.2.1", "C0000201")]
    [InlineData("AAAA", "2001:db8::1", "20010DB8000000000000000000000001")]
    [InlineData("NS", "ns.example.", "026E73076578616D706C6500")]
    [InlineData("CNAME", ".", "00")]
    [InlineData("PTR", "a.", "016100")]
    [InlineData("SOA", "a. b. 1 2 3 4 4294967295", "016100016200000000010000000200000003000000" + "04FFFFFFFF")]
    [InlineData("MX", "10 mx.", "000A026D7800")]
    [InlineData("TXT", "\"a b\" \"\" \"q\\\"\\\\\\007\"", "0361206200047122" + "5C07")]
    [InlineData("HINFO", "\"RFC8482\" \"\"", "075246433834383200")]
    [InlineData("RP", "a. b.", "016100016200")]
    [InlineData("AFSDB", "1 a.", "0001016100")]
    [InlineData("SRV", "1 2 443 a.", "0001000201BB016100")]
    [InlineData("NAPTR", "100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:a@b!\" .", "0064000A01750745" + "32552B7369700E215E2E2A24217369703A6140622100")]
    [InlineData("DNAME", "a.", "016100")]
    [InlineData("CAA", "0 issue \"ca.example; a=b\"", "00056973737565" + "63612E6578616D706C653B20613D62")]
    [InlineData("CAA", "128 tbs \"Unknown\"", "8003746273" + "556E6B6E6F776E")]
    [InlineData("URI", "10 1 \"ftp://a/b\"", "000A00016674703A2F2F612F62")]
    [InlineData("DS", "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118", "EC4505012BB183AF5F22588179A53B0A98631FAD1A292118")]
    [InlineData("SSHFP", "2 1 123456789ABCDEF67890123456789ABCDEF67890", "0201123456789ABCDEF67890123456789ABCDEF67890")]
    [InlineData("TLSA", "0 0 1 D2ABDE240D7CD3EE", "000001D2ABDE240D7CD3EE")]
    [InlineData("SMIMEA", "3 1 0 AA", "030100AA")]
    [InlineData("DNSKEY", "256 3 5 AQPSKmyn", "010003050103D22A6CA7")]
    [InlineData("RRSIG", "A 5 3 86400 20030322173103 20030220173103 2642 example. oJB1", "000105030001518" + "03E7C9DD73E5510D70A52076578616D706C6500A09075")]
    [InlineData("NSEC", "host. A MX RRSIG NSEC TYPE1234", "04686F7374000006400100000003041B000000000000000000000000000000000000000000000000000020")]
    [InlineData("NSEC3", "1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR MX DNSKEY", "0101000C04AABBCCDD1417" + "4EB2409FE28BCB4887A1836F957F0A8425E27B000700010000000080")]
    [InlineData("NSEC3PARAM", "1 0 0 -", "0100000000")]
    [InlineData("OPENPGPKEY", "AQID", "010203")]
    [InlineData("CSYNC", "66 3 A NS AAAA", "00000042000300046000" + "0008")]
    [InlineData("ZONEMD", "1 1 1 AABB", "000000010101AABB")]
    [InlineData("LOC", "52 14 5.000 N 0 8 50.000 E 10.00m 1m 10000m 10m", "00121613" + "8B3556C880081650" + "00989A68")]
    [InlineData("SVCB", "0 foo.example.", "000003666F6F076578616D706C6500")]
    [InlineData("HTTPS", "1 . alpn=\"h2,h3\" port=8443 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1",
        "000100" + "000100060268320268" + "33" + "0003000220FB" + "00040008C0000201C0000202" + "0006001020010DB8000000000000000000000001")]
    [InlineData("SVCB", "16 foo. mandatory=ipv4hint,alpn key667=\"hel\\210qoo\"", "001003666F6F00" + "0000000400040001" + "029B000768656CD2716F6F")]
    [InlineData("SVCB", "16 foo. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"", "001003666F6F00" + "0001000C08665C6F6F2C626172026832")]
    [InlineData("TYPE65280", "\\# 3 ABCDEF", "ABCDEF")]
    [InlineData("TYPE65281", "\\# 0", "")]
    public void Data_is_read_and_written(string type, string text, string hex)
    {
        Assert.True(DnsTypeNames.TryParseType(type, out var parsed));
        Assert.Null(DnsDataText.Parse(parsed, text, out var data));
        Assert.Equal(hex, Convert.ToHexString(data));
        Assert.Equal(text, DnsDataText.Format(parsed, data));
        Assert.True(DnsData.IsValid(parsed, new DnsDataReader(data, 0, data.Length)));

        // RFC 3597 section 5: the general form is that of every type.
        Assert.Null(DnsDataText.Parse(parsed, $"\\# {data.Length} {hex}", out var again));
        Assert.Equal(data, again);
    }

    [Theory]
    [InlineData("A", "192.0.2", "IPv4")]
    [InlineData("A", "::1", "IPv4")]
    [InlineData("AAAA", "192.0.2.1", "IPv6")]
    [InlineData("MX", "65536 a.", "from 0 to 65535")]
    [InlineData("MX", "10", "too early")]
    [InlineData("MX", "10 a. b.", "more words")]
    [InlineData("TXT", "", "no string")]
    [InlineData("DS", "1 2 3 ABC", "hexadecimal")]
    [InlineData("DNSKEY", "1 3 5 !", "base 64")]
    [InlineData("NSEC", "a. NOTYPE", "no type")]
    [InlineData("RRSIG", "A 5 3 86400 20031322173103 1 1 . AA==", "time")]
    [InlineData("HTTPS", "1 . port=1 port=2", "twice")]
    [InlineData("HTTPS", "1 . nothing=1", "no parameter")]
    [InlineData("HTTPS", "1 . port=x", "value")]
    [InlineData("LOC", "91 0 0 N 0 0 0 E 0m", "latitude")]
    [InlineData("CAA", "0 is-sue \"x\"", "bytes that are not")]
    [InlineData("TYPE65280", "abc", "RFC 3597")]
    [InlineData("A", "\\# 4 ABCDEF", "3 bytes where 4")]
    [InlineData("A", "\\# 3 ABCDEF", "bytes that are not")]
    public void Data_that_is_not_its_types_is_refused(string type, string text, string reason)
    {
        Assert.True(DnsTypeNames.TryParseType(type, out var parsed));
        var fault = DnsDataText.Parse(parsed, text, out _);
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.example. 60 IN A 192.0.2.1", "a.example. 60 IN A 192.0.2.1")]
    [InlineData("a.example IN 60 A 192.0.2.1 ; comment", "a.example. 60 IN A 192.0.2.1")]
    [InlineData("a.example\tA\t192.0.2.1", "a.example. 3600 IN A 192.0.2.1")]
    [InlineData("v CH TXT \"a;b\"", "v. 3600 CH TXT \"a;b\"")]
    [InlineData("x CLASS7 TYPE9999 \\# 1 FF", "x. 3600 CLASS7 TYPE9999 \\# 1 FF")]
    public void Lines_are_read_and_written(string line, string written)
    {
        Assert.True(DnsRecordText.TryParse(line, out var record, out var fault), fault);
        Assert.Equal(written, record.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a 60 IN")]
    [InlineData("a IN NOTYPE x")]
    public void Lines_that_are_no_records_are_refused(string line)
    {
        Assert.False(DnsRecordText.TryParse(line, out _, out var fault));
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void Malformed_data_is_shown_in_the_general_form()
    {
        Assert.Equal("\\# 3 C00002", DnsDataText.Format(DnsType.A, [0xC0, 0, 2]));
        Assert.Equal("\\# 2 0000", DnsDataText.Format(DnsType.MX, [0, 0]));
    }

    [Fact]
    public void Types_have_their_numbers_too()
    {
        Assert.True(DnsTypeNames.TryParseType("type1", out var type));
        Assert.Equal(DnsType.A, type);
        Assert.False(DnsTypeNames.TryParseType("TYPE65536", out _));
        Assert.False(DnsTypeNames.TryParseType("TYPE-1", out _));
        Assert.Equal("TYPE999", DnsTypeNames.NameOf((DnsType)999));
    }
}
