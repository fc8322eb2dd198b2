using System.Text;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;
using Gatehouse.Protocols.Http2;
using Gatehouse.Protocols.Http2.Hpack;

namespace Gatehouse.Protocols.Tests.Http2;

/// <summary>The rules of RFC 9113 sections 8.2 and 8.3 for the fields of a message.</summary>
public sealed class Http2FieldSectionTests
{
    private const string Plain = ":method=GET|:scheme=http|:path=/a?b|:authority=example.com";

    [Fact]
    public void A_request_is_read()
    {
        var section = Read(Plain + "|accept=*/*|x-other=1|content-length=12");
        Assert.Null(section.FinishRequest());
        Assert.Equal((Method.Get, "GET", "/a?b", "/a", "b", "example.com"),
            (section.Method, Text(section, section.MethodName), Text(section, section.Target), Text(section, section.Path), Text(section, section.Query), Text(section, section.Authority)));
        Assert.Equal(12, section.ContentLength);
        Assert.False(section.IsHttps);
        Assert.Equal("accept: */*|x-other: 1|content-length: 12|host: example.com", Fields(section));
        Assert.True(section.Fields.Contains(KnownHeader.Accept));
    }

    [Theory]
    [InlineData(":method=GET|:scheme=https|:path=/|:authority=a|cookie=a=1|accept=x|cookie=b=2|cookie=c", "accept: x|host: a|cookie: a=1; b=2; c")]
    [InlineData(":method=GET|:scheme=https|:path=/|host=b:1", "host: b:1")]
    [InlineData(":method=GET|:scheme=https|:path=/|:authority=a|host=A", "host: A")]
    [InlineData(":method=OPTIONS|:scheme=https|:path=*|:authority=a", "host: a")]
    [InlineData(":method=CONNECT|:authority=a:443", "host: a:443")]
    [InlineData(":method=CONNECT|:protocol=websocket|:scheme=https|:path=/chat|:authority=a", "host: a")]
    [InlineData(":method=GET|:scheme=https|:path=/|:authority=a|te=trailers", "te: trailers|host: a")]
    [InlineData(":method=PURGE|:scheme=https|:path=/|:authority=a", "host: a")]
    public void What_is_right_passes(string fields, string expected)
    {
        var section = Read(fields);
        Assert.Null(section.FinishRequest());
        Assert.Equal(expected, Fields(section));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":method=GET|:scheme=http|:path=/")]
    [InlineData(":scheme=http|:path=/|:authority=a")]
    [InlineData(":method=GET|:path=/|:authority=a")]
    [InlineData(":method=GET|:scheme=http|:authority=a")]
    [InlineData(":method=GET|:scheme=http|:path=|:authority=a")]
    [InlineData(":method=GET|:scheme=http|:path=a|:authority=a")]
    [InlineData(":method=GET|:scheme=http|:path=*|:authority=a")]
    [InlineData(":method=GET|:scheme=http|:path=/a b|:authority=a")]
    [InlineData(":method=GET|:scheme=http|:path=/a#b|:authority=a")]
    [InlineData(":method=GET|:scheme=http|:path=http://a/|:authority=a")]
    [InlineData(":method=GET|:scheme=ftp|:path=/|:authority=a")]
    [InlineData(":method=G T|:scheme=http|:path=/|:authority=a")]
    [InlineData(":method=|:scheme=http|:path=/|:authority=a")]
    [InlineData(":method=GET|:method=GET|:scheme=http|:path=/|:authority=a")]
    [InlineData(":method=GET|:scheme=http|:scheme=http|:path=/|:authority=a")]
    [InlineData(":method=GET|:scheme=http|:path=/|:path=/|:authority=a")]
    [InlineData(Plain + "|:authority=example.com")]
    [InlineData(":method=GET|:scheme=http|:path=/|accept=x|:authority=a")]
    [InlineData(Plain + "|:status=200")]
    [InlineData(Plain + "|:other=x")]
    [InlineData(Plain + "|:protocol=websocket")]
    [InlineData(":method=GET|:scheme=http|:path=/|:authority=u@a")]
    [InlineData(":method=GET|:scheme=http|:path=/|:authority=a/b")]
    [InlineData(":method=GET|:scheme=http|:path=/|host=a b")]
    [InlineData(Plain + "|host=other")]
    [InlineData(Plain + "|host=example.com|host=example.com")]
    [InlineData(":method=CONNECT|:authority=a")]
    [InlineData(":method=CONNECT|:authority=a:1|:path=/")]
    [InlineData(":method=CONNECT|:authority=a:1|:scheme=http")]
    [InlineData(":method=CONNECT|:protocol=websocket|:authority=a:1")]
    [InlineData(Plain + "|connection=close")]
    [InlineData(Plain + "|keep-alive=1")]
    [InlineData(Plain + "|proxy-connection=x")]
    [InlineData(Plain + "|transfer-encoding=chunked")]
    [InlineData(Plain + "|upgrade=h2c")]
    [InlineData(Plain + "|te=gzip")]
    [InlineData(Plain + "|te=trailers, gzip")]
    [InlineData(Plain + "|Accept=x")]
    [InlineData(Plain + "|x-Y=x")]
    [InlineData(Plain + "|x y=x")]
    [InlineData(Plain + "|=x")]
    [InlineData(Plain + "|x:y=x")]
    [InlineData(Plain + "|x=a\rb")]
    [InlineData(Plain + "|x=a\nb")]
    [InlineData(Plain + "|x=a\0b")]
    [InlineData(Plain + "|x= a")]
    [InlineData(Plain + "|x=a\t")]
    [InlineData(Plain + "|content-length=1|content-length=1")]
    [InlineData(Plain + "|content-length=")]
    [InlineData(Plain + "|content-length=-1")]
    [InlineData(Plain + "|content-length=1, 1")]
    public void What_is_malformed_is_refused(string fields) => Assert.NotNull(Read(fields).FinishRequest());

    [Fact]
    public void What_was_wrong_when_it_was_indexed_is_wrong_again()
    {
        var decoder = new HpackDecoder();
        var wrong = FieldList.Section(decoder, [0x40, 2, (byte)'x', (byte)'Y', 1, (byte)'1']);
        Assert.NotNull(wrong.Malformed);
        Assert.NotNull(FieldList.Section(decoder, [0xBE]).Malformed);
        Assert.NotNull(FieldList.Section(decoder, [0x40 | 62 - 0, 0]).Malformed);
    }

    [Theory]
    [InlineData(":status=200|server=x", null)]
    [InlineData(":status=103|link=x", null)]
    [InlineData("server=x", "")]
    [InlineData(":status=101", "")]
    [InlineData(":status=2000", "")]
    [InlineData(":status=099", "")]
    [InlineData(":status=abc", "")]
    [InlineData(":status=200|:status=200", "")]
    [InlineData(":status=200|:path=/", "")]
    [InlineData(":status=200|connection=x", "")]
    public void Responses_have_a_status_and_nothing_of_a_request(string fields, string? fault)
    {
        var section = Read(fields, Http2SectionKind.Response);
        Assert.Equal(fault is null, section.FinishResponse() is null);
    }

    [Theory]
    [InlineData("x-sum=1|content-length=5|authorization=x", "x-sum: 1", false)]
    [InlineData(":path=/", "", true)]
    [InlineData("connection=close", "", true)]
    [InlineData("X=1", "", true)]
    public void Trailers_have_no_pseudo_header_field(string fields, string expected, bool isMalformed)
    {
        var section = Read(fields, Http2SectionKind.Trailers);
        Assert.Equal(expected, Fields(section));
        Assert.Equal(isMalformed, section.Malformed is not null);
    }

    [Fact]
    public void Expectations_and_priorities_are_noted()
    {
        Assert.True(Read(Plain + "|expect=100-Continue").ExpectsContinue);
        Assert.True(Read(Plain + "|expect=tea").HasUnknownExpectation);
        Assert.Equal(new Http2Priority(1, true), Read(Plain + "|priority=u=1, i").Priority);
    }

    private static Http2FieldSection Read(string fields, Http2SectionKind kind = Http2SectionKind.Request)
    {
        var pairs = fields.Length == 0 ? [] : fields.Split('|').Select(field => (field[..field.IndexOf('=', 0)], field[(field.IndexOf('=', 0) + 1)..])).ToArray();
        return FieldList.Section(new HpackDecoder(), FieldList.Literals(pairs), kind, new Http1Limits());
    }

    private static string Text(Http2FieldSection section, Slice slice) => Encoding.Latin1.GetString(slice.Of(section.Buffer));

    private static string Fields(Http2FieldSection section) => string.Join('|', Enumerable.Range(0, section.Fields.Count).Select(i =>
        $"{Encoding.Latin1.GetString(section.Fields[i].Name)}: {Encoding.Latin1.GetString(section.Fields[i].Value)}"));
}
