using System.Text;
using Gatehouse.Edge.Logs;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Logs;

public class RequestIdentityTests
{
    private const string Parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

    [Fact]
    public void A_request_gets_an_identifier_that_is_its_trace()
    {
        var exchange = new FakeExchange();
        var identity = RequestIdentity.Begin(exchange);
        Assert.Matches("^[0-9a-f]{32}$", Text(identity.Id));
        Assert.Equal(Text(identity.Id), Text(identity.TraceId));
        Assert.Equal($"00-{Text(identity.TraceId)}-{Text(identity.SpanId)}-01", Text(identity.Traceparent));
        Assert.Matches("^[0-9a-f]{16}$", Text(identity.SpanId));
        Assert.False(identity.IsTraceContinued);
        Assert.True(RequestIdentity.TryGet(exchange, out var same));
        Assert.Same(identity, same);
    }

    [Fact]
    public void The_next_request_of_a_connection_has_none_until_it_is_given_one()
    {
        var exchange = new FakeExchange();
        var first = Text(RequestIdentity.Begin(exchange).Id);
        exchange.Restart();
        Assert.False(RequestIdentity.TryGet(exchange, out _));
        Assert.NotEqual(first, Text(RequestIdentity.Begin(exchange).Id));
    }

    [Fact]
    public void A_trusted_peer_sets_identifier_and_trace()
    {
        var identity = RequestIdentity.Begin(Trusted(("X-Request-ID", "abc/42=:x"), ("traceparent", Parent)));
        Assert.Equal("abc/42=:x", Text(identity.Id));
        Assert.True(identity.IsTraceContinued);
        Assert.Equal(Parent[3..35], Text(identity.TraceId));
        Assert.NotEqual(Parent[36..52], Text(identity.SpanId));
        Assert.EndsWith("-00", Text(identity.Traceparent));
    }

    [Fact]
    public void Others_do_not()
    {
        var identity = RequestIdentity.Begin(new FakeExchange("GET", "/", ("X-Request-ID", "abc"), ("traceparent", Parent)));
        Assert.Equal(32, identity.Id.Length);
        Assert.False(identity.IsTraceContinued);
        Assert.NotEqual(Parent[3..35], Text(identity.TraceId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("a,b")]
    [InlineData("\u00e9")]
    public void A_bad_identifier_is_replaced(string id) => Assert.Equal(32, RequestIdentity.Begin(Trusted(("X-Request-ID", id))).Id.Length);

    [Fact]
    public void A_long_or_doubled_identifier_is_replaced()
    {
        Assert.Equal(128, RequestIdentity.Begin(Trusted(("X-Request-ID", new string('a', 128)))).Id.Length);
        Assert.Equal(32, RequestIdentity.Begin(Trusted(("X-Request-ID", new string('a', 129)))).Id.Length);
        Assert.Equal(32, RequestIdentity.Begin(Trusted(("X-Request-ID", "a"), ("X-Request-ID", "b"))).Id.Length);
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [InlineData("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [InlineData("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes", true)]
    [InlineData("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.what-comes", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false)]
    [InlineData("ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false)]
    [InlineData("00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false)]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7", false)]
    [InlineData("00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false)]
    public void Follows_the_grammar_of_trace_context(string traceparent, bool expected)
    {
        var identity = RequestIdentity.Begin(Trusted(("traceparent", traceparent)));
        Assert.Equal(expected, identity.IsTraceContinued);
        Assert.StartsWith("00-", Text(identity.Traceparent));
        Assert.Equal(expected, Text(identity.TraceId) == "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    [Fact]
    public async Task The_wrapper_tells_the_client_and_replaces_what_an_upstream_said()
    {
        var exchange = new FakeExchange();
        await new RequestIdHandler(new Answer()).HandleAsync(exchange);
        Assert.True(RequestIdentity.TryGet(exchange, out var identity));
        Assert.True(exchange.Response.Headers.TryGet(KnownHeader.XRequestId, out var sent));
        Assert.Equal(Text(identity.Id), Text(sent));
    }

    [Fact]
    public void Allocates_once_for_a_connection()
    {
        var exchange = new FakeExchange();
        RequestIdentity.Begin(exchange);
        var before = GC.GetAllocatedBytesForCurrentThread();
        RequestIdentity.Begin(exchange);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static FakeExchange Trusted(params (string, string)[] headers)
    {
        var exchange = new FakeExchange("GET", "/", headers);
        exchange.Request.IsViaTrustedProxy = true;
        return exchange;
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private sealed class Answer : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange)
        {
            exchange.Response.Headers.Add(KnownHeader.XRequestId, "upstream"u8);
            return exchange.CompleteAsync();
        }
    }
}
