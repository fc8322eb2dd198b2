using System.Text;
using CsCheck;
using Gatehouse.Protocols.Headers;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests;

public sealed class RequestTests
{
    [Fact]
    public void What_is_set_stands_behind_what_was_received()
    {
        var request = new FakeExchange("GET", "/", ("Host", "h"), ("Cookie", "a"), ("X-A", "1"), ("cookie", "b")).Request;
        Assert.Equal(4, request.ReceivedHeaders);
        var editor = request.EditHeaders();
        editor.Set("Cookie"u8, "c"u8);
        editor.Add("x-a"u8, "2"u8);
        Assert.Equal("Host: h;X-A: 1;Cookie: c;x-a: 2;", Show(request));
        Assert.Equal(2, request.ReceivedHeaders);
        Assert.True(request.EditHeaders().Remove("X-a"u8));
        Assert.False(request.EditHeaders().Remove("X-a"u8));
        Assert.Equal("Host: h;Cookie: c;", Show(request));
        Assert.Equal(1, request.ReceivedHeaders);
        Assert.Equal(1, request.Headers.CountOf(KnownHeader.Cookie));
    }

    [Fact]
    public void The_next_request_is_as_it_came()
    {
        var exchange = new FakeExchange("GET", "/a", ("X-A", "1"));
        exchange.Request.EditHeaders().Set("X-A"u8, "2"u8);
        Assert.True(exchange.Request.TryRewrite("/b"u8, "q"u8, hasQuery: true));
        exchange.Restart("GET", "/c?d", ("X-A", "3"));
        Assert.Equal(("X-A: 3;", 1, "/c", "d"), (Show(exchange.Request), exchange.Request.ReceivedHeaders, Path(exchange), Query(exchange)));
        Assert.False(exchange.Request.IsRewritten);
        exchange.Request.EditHeaders().Add("X-B"u8, "4"u8);
        Assert.Equal("X-A: 3;X-B: 4;", Show(exchange.Request));
    }

    [Fact]
    public void A_span_of_before_stays_what_it_was()
    {
        var request = new FakeExchange("GET", "/", ("X-A", "before")).Request;
        var editor = request.EditHeaders();
        Assert.True(request.Headers.TryGet("X-A"u8, out var value));
        for (var i = 0; i < 100; i++)
            editor.Set("X-A"u8, Encoding.ASCII.GetBytes(new string('x', 100)));
        Assert.Equal("before", Encoding.ASCII.GetString(value));
    }

    [Fact]
    public void A_head_that_moves_takes_the_edited_one_not_with_it()
    {
        var exchange = new FakeExchange("GET", "/path?q", ("X-A", "1"));
        exchange.Request.EditHeaders().Add("X-B"u8, "2"u8);
        exchange.Request.Rebase(Encoding.ASCII.GetBytes("......GET /path?q X-A1"), 6);
        Assert.Equal(("X-A: 1;X-B: 2;", "/path", "q"), (Show(exchange.Request), Path(exchange), Query(exchange)));
        Assert.True(exchange.Request.TryRewrite("/new"u8, default, hasQuery: false));
        exchange.Request.Rebase(Encoding.ASCII.GetBytes("GET /path?q X-A1"), -6);
        Assert.Equal(("/new", "/path?q"), (Path(exchange), Encoding.ASCII.GetString(exchange.Request.Target)));
    }

    [Theory]
    [InlineData("X-A", "a\rb")]
    [InlineData("X-A", "a\nb")]
    [InlineData("X-A", "a\0b")]
    [InlineData("X A", "1")]
    [InlineData("X-A:", "1")]
    [InlineData("X-A\r\n", "1")]
    [InlineData("", "1")]
    [InlineData("Host", "h")]
    [InlineData("content-length", "1")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("Connection", "close")]
    [InlineData("Keep-Alive", "1")]
    [InlineData("Proxy-Connection", "close")]
    [InlineData("TE", "trailers")]
    [InlineData("Trailer", "X-A")]
    [InlineData("Upgrade", "websocket")]
    [InlineData("Expect", "100-continue")]
    public void What_would_split_or_frame_a_message_is_refused(string name, string value)
    {
        var request = new FakeExchange("GET", "/", ("Host", "h"), ("X-A", "1")).Request;
        Assert.Throws<ArgumentException>(() => request.EditHeaders().Add(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value)));
        Assert.Throws<ArgumentException>(() => request.EditHeaders().Set(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value)));
        Assert.Equal("Host: h;X-A: 1;", Show(request));
        if (HeaderEditor.MayChange(Encoding.Latin1.GetBytes(name)))
            return;
        Assert.Throws<ArgumentException>(() => request.EditHeaders().Remove(Encoding.Latin1.GetBytes(name)));
    }

    [Theory]
    [InlineData("/b", "", false, "/b", "/b")]
    [InlineData("/a b", "x=1", true, "/a%20b", "/a b")]
    [InlineData("/100%", "", false, "/100%25", "/100%")]
    [InlineData("/%2e%2e/x", "", false, "/%252e%252e/x", "/%2e%2e/x")]
    [InlineData("/a//b/../c/./", "", true, "/a/c/", "/a/c/")]
    [InlineData("/ü?#", "", false, "/%C3%BC%3F%23", "/ü?#")]
    public void A_rewritten_path_is_normalised(string path, string query, bool hasQuery, string raw, string decoded)
    {
        var exchange = new FakeExchange("GET", "/old?o");
        Assert.True(exchange.Request.TryRewrite(Encoding.UTF8.GetBytes(path), Encoding.ASCII.GetBytes(query), hasQuery));
        var written = Encoding.ASCII.GetString(exchange.Request.RawPath);
        Assert.Equal((raw, decoded, query, hasQuery), (written, Path(exchange), Query(exchange), exchange.Request.HasQuery));
        Assert.Equal(raw != decoded, exchange.Request.IsPathChanged);
        Assert.True(exchange.Request.IsRewritten);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a", "")]
    [InlineData("*", "")]
    [InlineData("/..", "")]
    [InlineData("/a/../../b", "")]
    [InlineData("/a\rb", "")]
    [InlineData("/a\0", "")]
    [InlineData("/a\u007f", "")]
    [InlineData("/a", "x y")]
    [InlineData("/a", "x\r\ny")]
    [InlineData("/a", "x#y")]
    [InlineData("/a", "x\u00ff")]
    public void What_cannot_stand_in_a_target_changes_nothing(string path, string query)
    {
        var exchange = new FakeExchange("GET", "/old/%41?o");
        Assert.True(exchange.Request.TryNormalizePath());
        Assert.False(exchange.Request.TryRewrite(Encoding.Latin1.GetBytes(path), Encoding.Latin1.GetBytes(query), hasQuery: true));
        Assert.Equal(("/old/A", "o", false), (Path(exchange), Query(exchange), exchange.Request.IsRewritten));
        Assert.True(exchange.Request.TryRewrite("/kept"u8, "k"u8, hasQuery: true));
        Assert.False(exchange.Request.TryRewrite(Encoding.Latin1.GetBytes(path), Encoding.Latin1.GetBytes(query), hasQuery: true));
        Assert.Equal(("/kept", "k"), (Path(exchange), Query(exchange)));
    }

    [Fact]
    public void Invalid_utf8_is_refused() => Assert.False(new FakeExchange().Request.TryRewrite([(byte)'/', 0xff], default, hasQuery: false));

    [Fact]
    public void A_rewrite_may_be_made_of_the_last_one()
    {
        var exchange = new FakeExchange("GET", "/");
        Assert.True(exchange.Request.TryRewrite("/a b/c"u8, "one=1&two=2"u8, hasQuery: true));
        Assert.True(exchange.Request.TryRewrite(exchange.Request.Path[4..], exchange.Request.Query[6..], hasQuery: true));
        Assert.Equal(("/c", "two=2"), (Path(exchange), Query(exchange)));
        Assert.True(exchange.Request.TryRewrite(Encoding.ASCII.GetBytes("/" + new string('x', 2000)), exchange.Request.Query, hasQuery: true));
        Assert.Equal(2001, exchange.Request.Path.Length);
        Assert.Equal("two=2", Query(exchange));
    }

    [Fact]
    public void A_rewritten_path_is_what_its_raw_form_would_have_been_received_as() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        var exchange = new FakeExchange();
        if (!exchange.Request.TryRewrite([(byte)'/', .. bytes], default, hasQuery: false))
            return;
        var received = new FakeExchange("GET", Encoding.ASCII.GetString(exchange.Request.RawPath));
        Assert.True(received.Request.TryNormalizePath());
        Assert.True(received.Request.Path.SequenceEqual(exchange.Request.Path));
    });

    [Fact]
    public void An_exchange_expires_once_and_tells_its_observer()
    {
        var exchange = new FakeExchange();
        var observer = new Observer();
        exchange.AbortObserver = observer;
        exchange.Expire();
        Assert.Equal((true, false, 1), (exchange.IsExpired, exchange.IsAborted, observer.Calls));
        exchange.Restart();
        Assert.False(exchange.IsExpired);
    }

    private static string Path(Exchange exchange) => Encoding.UTF8.GetString(exchange.Request.Path);

    private static string Query(Exchange exchange) => Encoding.ASCII.GetString(exchange.Request.Query);

    private static string Show(Request request)
    {
        var text = new StringBuilder();
        for (var i = 0; i < request.Headers.Count; i++)
            text.Append(Encoding.ASCII.GetString(request.Headers[i].Name)).Append(": ").Append(Encoding.ASCII.GetString(request.Headers[i].Value)).Append(';');
        return text.ToString();
    }

    private sealed class Observer : IAbortObserver
    {
        public int Calls { get; private set; }

        public void OnClientAborted() => Calls++;
    }
}
