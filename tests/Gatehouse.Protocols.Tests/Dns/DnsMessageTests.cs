using System.Buffers.Binary;
using CsCheck;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Edns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Protocols.Tests.Dns;

public sealed class DnsMessageTests
{
    // www.example.com A, with an alias, two addresses and two servers, as a server compresses it.
    private static readonly byte[] Typical = Convert.FromHexString(
        "123481800001000300020000" + "03777777076578616D706C6503636F6D0000010001"
        + "C00C000500010000012C00070477656231C010" + "C02D0001000100000E100004C0000201" + "C02D0001000100000E100004C0000202"
        + "C010000200010002A3000006036E7331C010" + "C010000200010002A3000006036E7332C010");

    private static readonly Gen<DnsRecord> Records = Gen.OneOf(
        Of("A", "192.0.2.1"), Of("MX", "10 mx.example.com."), Of("SOA", "a.example.com. b.example.com. 1 2 3 4 5"), Of("CNAME", "x.y.example.com."),
        Of("SRV", "1 2 3 srv.example.com."), Of("TXT", "\"x\" \"y\""), Of("NSEC", "z.example.com. A NS"), Of("TYPE700", "\\# 2 C00C"),
        Of("RRSIG", "A 13 2 60 20300101000000 20200101000000 7 example.com. AAAA"), Of("HTTPS", "1 h.example.com. alpn=\"h2\""), Of("PTR", "example.com."));

    [Fact]
    public void A_message_is_read_where_it_lies()
    {
        var reader = new DnsMessageReader(Typical);
        Assert.Equal(0x1234, reader.Header.Id);
        Assert.True(reader.Header.IsResponse);
        Assert.True(reader.TryReadQuestion(out var question));
        Assert.True(question.Name.Is(DnsName.Parse("WWW.example.com")));
        Assert.Equal((DnsType.A, DnsClass.IN), (question.Type, question.Class));
        Assert.False(reader.TryReadQuestion(out _));

        Assert.True(reader.TryReadRecord(out var alias));
        Assert.Equal("www.example.com.", alias.Name.ToString());
        Assert.True(alias.TryGetTarget(out var target));
        Assert.Equal("web1.example.com.", target.ToString());
        Assert.False(alias.TryGetAddress(out _));

        Assert.True(reader.TryReadRecord(out var first));
        Assert.Equal("web1.example.com.", first.Name.ToString());
        Assert.True(first.TryGetAddress(out var address));
        Assert.Equal(IpAddress.Parse("192.0.2.1"), address);
        Assert.Equal(3600u, first.TimeToLive);
        Assert.True(reader.TryReadRecord(out _));
        Assert.True(reader.TryReadRecord(out var server));
        Assert.Equal((DnsSection.Authority, DnsType.NS), (server.Section, server.Type));
        Assert.True(reader.TryReadRecord(out _));
        Assert.False(reader.TryReadRecord(out _));
        Assert.Null(reader.Fault);
        Assert.Equal(Typical.Length, reader.Position);
    }

    [Fact]
    public void What_is_written_is_as_short_as_what_others_write()
    {
        Assert.True(DnsMessage.TryRead(Typical, out var message, out var fault), fault);
        var bytes = new byte[512];
        Assert.True(message.TryWrite(bytes, out var length));
        Assert.Equal(Convert.ToHexString(Typical), Convert.ToHexString(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Every_shorter_message_is_refused_with_a_reason()
    {
        for (var cut = 0; cut < Typical.Length; cut++)
        {
            Assert.False(DnsMessage.TryRead(Typical.AsSpan(0, cut), out _, out var fault), $"{cut} bytes");
            Assert.NotEmpty(fault!);
        }
    }

    [Theory]
    [InlineData("C00C", "a pointer to itself")]
    [InlineData("0161C00C", "a pointer to its own beginning")]
    [InlineData("C00E", "a pointer forwards")]
    [InlineData("C000", "a pointer into the header")]
    [InlineData("40", "a label of a reserved kind")]
    [InlineData("80", "a label of a reserved kind")]
    [InlineData("0361", "a label that is cut")]
    [InlineData("C0", "a pointer that is cut")]
    [InlineData("", "nothing")]
    public void Names_that_lead_nowhere_are_refused(string name, string what)
    {
        byte[] message = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. Convert.FromHexString(name)];
        Assert.False(DnsMessage.TryRead(message, out _, out var fault), what);
        Assert.StartsWith("expected", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_of_pointers_costs_nobody_anything()
    {
        // 8,000 pointers, each to the one before, and records whose names begin at the last.
        var message = new byte[40_000];
        new DnsHeader(0, 0, 1, 1000, 0, 0).Write(message);
        var at = 12;
        message[at++] = 0;
        at += 4;
        for (var target = 12; at < 16_300; at += 2)
        {
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at), (ushort)(0xC000 | target));
            target = at;
        }
        var position = at - 2;
        Assert.NotNull(DnsWireName.Skip(message, ref position, out _));
    }

    [Fact]
    public void Names_may_not_grow_beyond_255_bytes_by_pointers()
    {
        var message = new List<byte>(new byte[12]);
        for (var i = 0; i < 4; i++)
        {
            var start = message.Count;
            message.Add(63);
            message.AddRange(new byte[63]);
            message.AddRange(i == 0 ? [0] : [(byte)(0xC0 | ((start - (i == 1 ? 65 : 66)) >> 8)), (byte)(start - (i == 1 ? 65 : 66))]);
        }
        var at = message.Count - 66;
        Assert.Equal("expected a name of at most 255 bytes, found a longer one", DnsWireName.Skip(message.ToArray(), ref at, out _));
        at = message.Count - 132;
        Assert.Null(DnsWireName.Skip(message.ToArray(), ref at, out var length));
        Assert.Equal((3 * 64) + 1, length);
    }

    [Fact]
    public void What_does_not_fit_is_left_out_whole()
    {
        var buffer = new byte[64];
        var writer = new DnsMessageWriter(buffer, new DnsHeader(1, DnsFlags.Response));
        Assert.True(writer.TryWriteQuestion(DnsName.Parse("a.example").Wire, DnsType.TXT));
        var before = writer.Length;
        Assert.False(writer.TryWriteRecord(DnsSection.Answer, DnsName.Parse("b.example").Wire, DnsType.TXT, DnsClass.IN, 1, new byte[40]));
        Assert.Equal(before, writer.Length);
        // The name that was taken back is not pointed to.
        Assert.True(writer.TryWriteRecord(DnsSection.Answer, DnsName.Parse("b.example").Wire, DnsType.A, DnsClass.IN, 1, [1, 2, 3, 4]));
        writer.MarkTruncated();
        var length = writer.Finish();
        Assert.True(DnsMessage.TryRead(buffer.AsSpan(0, length), out var message, out _));
        Assert.True(message.Header.IsTruncated);
        Assert.Equal("b.example. 1 IN A 1.2.3.4", Assert.Single(message.Answers).ToString());
    }

    [Fact]
    public void Messages_of_any_records_are_read_as_they_were_written() =>
        Gen.Select(Gen.UShort, DnsNameTests.Names, Records.Array[0, 8], Records.Array[0, 8]).Sample(static (id, name, answers, additionals) =>
        {
            var message = new DnsMessage
            {
                Header = new DnsHeader(id, DnsFlags.Response | DnsFlags.RecursionDesired, rcode: DnsRcode.NXDomain),
                Questions = [new DnsQuestion(name, DnsType.ANY)],
                Answers = [.. answers],
                Additionals = [.. additionals],
                Edns = new DnsEdns(1232, true, 1, 0, [new DnsOption(DnsOptionCode.Cookie, new byte[8])]),
            };
            var bytes = new byte[8192];
            Assert.True(message.TryWrite(bytes, out var length));
            Assert.True(DnsMessage.TryRead(bytes.AsSpan(0, length), out var read, out var fault), fault);
            Assert.Equal(message.Questions, read.Questions);
            Assert.Equal(message.Answers, read.Answers);
            Assert.Equal(message.Additionals, read.Additionals);
            Assert.Equal((DnsRcode)(16 + 3), read.Rcode);
            Assert.Equal((1232, true), (read.Edns!.UdpSize, read.Edns.DnssecOk));

            // Copied record by record from where it lies.
            var copy = new byte[8192];
            var writer = new DnsMessageWriter(copy, read.Header);
            writer.TryWriteQuestion(name.Wire, DnsType.ANY);
            var reader = new DnsMessageReader(bytes.AsSpan(0, length));
            while (reader.TryReadRecord(out var record))
            {
                if (record.Type != DnsType.OPT)
                    Assert.True(writer.TryWriteRecord(record.Section, record, record.TimeToLive));
            }
            Assert.True(DnsMessage.TryRead(copy.AsSpan(0, writer.Finish()), out var again, out fault), fault);
            Assert.Equal(read.Answers, again.Answers);
            Assert.Equal(read.Additionals, again.Additionals);
        });

    [Fact]
    public void No_bytes_make_a_reader_throw() => Gen.Byte.Array[0, 200].Sample(static bytes =>
    {
        _ = DnsMessage.TryRead(bytes, out _, out _);
        byte[] inside = [.. Typical.AsSpan(0, 33), .. bytes];
        _ = DnsMessage.TryRead(inside, out _, out _);
    });

    [Fact]
    public void Options_are_read_and_written()
    {
        var buffer = new byte[512];
        var writer = new DnsMessageWriter(buffer, new DnsHeader(0, DnsFlags.RecursionDesired));
        writer.TryWriteQuestion(DnsName.Parse("example.com").Wire, DnsType.A);
        Assert.True(writer.TryBeginEdns(1232, dnssecOk: true));
        var subnet = new DnsClientSubnet(IpAddress.Parse("192.0.2.0"), 24, 0);
        Span<byte> data = stackalloc byte[DnsClientSubnet.MaxLength];
        Assert.True(writer.TryWriteOption(DnsOptionCode.ClientSubnet, data[..subnet.Write(data)]));
        Assert.True(writer.TryWriteOption(DnsOptionCode.ExtendedError, new DnsExtendedError(DnsExtendedError.Blocked, "by häusern").ToArray()));
        Assert.True(writer.TryWritePadding(128));
        writer.EndEdns();
        var length = writer.Finish();
        Assert.Equal(128, length);

        Assert.True(DnsMessage.TryRead(buffer.AsSpan(0, length), out var message, out var fault), fault);
        Assert.True(DnsClientSubnet.TryRead(message.Edns!.Find(DnsOptionCode.ClientSubnet)!.Value.Span, out var read));
        Assert.Equal(subnet, read);
        var error = Assert.Single(message.Edns.ExtendedErrors);
        Assert.Equal(("Blocked", "by häusern"), (error.Reason, error.Text));
        Assert.NotNull(message.Edns.Find(DnsOptionCode.Padding));
    }

    [Theory]
    [InlineData("0001180000", false)]
    [InlineData("00011800C00002", true)]
    [InlineData("00011700C00003", false)]
    [InlineData("00012100C0000201", false)]
    [InlineData("0002380020010DB8000000", true)]
    [InlineData("00020000", true)]
    [InlineData("00030000", false)]
    [InlineData("0001", false)]
    public void Client_subnets_are_as_rfc_7871_has_them(string hex, bool isValid) =>
        Assert.Equal(isValid, DnsClientSubnet.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void A_second_opt_record_is_refused()
    {
        byte[] opt = [0, 0, 41, 4, 0xD0, 0, 0, 0, 0, 0, 0];
        byte[] message = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, .. opt, .. opt];
        Assert.False(DnsMessage.TryRead(message, out _, out var fault));
        Assert.Contains("second", fault, StringComparison.Ordinal);
        message[11] = 1;
        Assert.True(DnsMessage.TryRead(message.AsSpan(0, 23), out _, out _));
    }

    private static Gen<DnsRecord> Of(string type, string text)
    {
        Assert.True(DnsTypeNames.TryParseType(type, out var parsed));
        Assert.Null(DnsDataText.Parse(parsed, text, out var data));
        return Gen.Select(DnsNameTests.Names, Gen.UInt).Select((name, life) => new DnsRecord(name, parsed, DnsClass.IN, life, data));
    }
}
