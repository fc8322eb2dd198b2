using System.Text;
using CsCheck;
using Gatehouse.Edge.Headers;
using Gatehouse.Edge.Tests.Support;

namespace Gatehouse.Edge.Tests.Headers;

public sealed class HeaderTemplateTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("café\tau lait", "café\tau lait")]
    [InlineData("$$5 and $$$$", "$5 and $$")]
    [InlineData("$client", "198.51.100.7")]
    [InlineData("$client:$client-port", "198.51.100.7:4711")]
    [InlineData("$remote", "192.0.2.1")]
    [InlineData("$scheme://$host$path?$query", "https://www.example.com/a%20b?x=1&y")]
    [InlineData("$host-$method", "www.example.com-GET")]
    [InlineData("${host}s", "www.example.coms")]
    [InlineData("<$target>", "</a%20b?x=1&y>")]
    [InlineData("[$user|$route|$upstream|$request-id|$traceparent]", "[ann|/a/*|10.0.0.1:80||]")]
    public void Stands_for_what_the_request_has(string text, string expected)
    {
        Assert.True(HeaderTemplate.TryParse(text, out var template, out var fault), fault);
        var exchange = Reading.Exchange("/a%20b?x=1&y", ("Host", "www.example.com:8080"));
        exchange.Request.Client = Reading.Client("198.51.100.7", 4711);
        exchange.Request.IsSecure = true;
        (exchange.Notes.User, exchange.Notes.Route, exchange.Notes.Upstream) = ("ann", "/a/*", "10.0.0.1:80");
        var room = new byte[256];
        Assert.True(template.TryWrite(exchange, room, out var written));
        Assert.Equal(expected, Encoding.UTF8.GetString(room, 0, written));
        Assert.Equal(text, template.ToString());
        if (template.IsConstant)
            Assert.Equal(expected, Encoding.UTF8.GetString(template.Constant));
    }

    [Theory]
    [InlineData("$clinet", "found the unknown variable '$clinet'; did you mean '$client'?")]
    [InlineData("$request_id", "found the unknown variable '$request'")]
    [InlineData("a $ b", "found the unknown variable '$', expected one of $client, $client-port")]
    [InlineData("cost: 5$", "or $$ for a dollar sign")]
    [InlineData("${host", "found the unknown variable '$'")]
    [InlineData("a\r\nX: 1", "found the control character U+000D")]
    [InlineData("a\0", "found the control character U+0000")]
    [InlineData("a\u0085", "found the control character U+0085")]
    public void Says_what_is_wrong(string text, string expected)
    {
        Assert.False(HeaderTemplate.TryParse(text, out _, out var fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_names_nothing_is_empty_or_unix()
    {
        Assert.True(HeaderTemplate.TryParse("$client,$user,$query.", out var template, out _));
        var exchange = Reading.Exchange();
        exchange.Request.Client = new Protocols.Addresses.Endpoint("/run/x.sock");
        var room = new byte[64];
        Assert.True(template.TryWrite(exchange, room, out var written));
        Assert.Equal("unix,,.", Encoding.UTF8.GetString(room, 0, written));
    }

    [Fact]
    public void Tells_when_it_does_not_fit()
    {
        Assert.True(HeaderTemplate.TryParse("ab$path$client", out var template, out _));
        var exchange = Reading.Exchange("/xyz");
        for (var size = 0; size < "ab/xyz192.0.2.1".Length; size++)
            Assert.False(template.TryWrite(exchange, new byte[size], out _));
        Assert.True(template.TryWrite(exchange, new byte["ab/xyz192.0.2.1".Length], out _));
    }

    [Fact]
    public void Any_text_is_read_or_refused_with_a_reason() => Gen.String.Sample(text =>
        HeaderTemplate.TryParse(text, out var template, out var fault) ? template.ToString() == text : fault.StartsWith("found", StringComparison.Ordinal));
}
