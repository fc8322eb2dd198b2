using Gatehouse.Edge.Respond;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Respond;

public sealed class RespondHandlerTests
{
    [Fact]
    public async Task A_fixed_answer()
    {
        var fields = new Dictionary<string, string> { ["X-A"] = "1", ["Cache-Control"] = "no-store" };
        var exchange = await Ask(new RespondConfig { Body = "Hello, Wörld!", Headers = fields });
        Assert.Equal((200, "Hello, Wörld!", true), (exchange.Response.Status, exchange.Text(), exchange.IsEnded));
        Assert.Equal(["text/plain; charset=utf-8", "1", "no-store"], exchange.Response.Fields("Content-Type", "X-A", "Cache-Control"));
        Assert.Equal(14, exchange.Response.ContentLength);
    }

    [Fact]
    public async Task Without_a_body_it_has_no_type()
    {
        var exchange = await Ask(new RespondConfig { Status = 204 });
        Assert.Equal((204, "", null, true), (exchange.Response.Status, exchange.Text(), exchange.Response.Field("Content-Type"), exchange.IsEnded));
    }

    [Fact]
    public async Task An_error_without_a_body_is_left_to_the_driver()
    {
        var exchange = await Ask(new RespondConfig { Status = 404, Headers = new Dictionary<string, string> { ["X-A"] = "1" } });
        Assert.Equal((404, false, "1"), (exchange.Response.Status, exchange.IsEnded, exchange.Response.Field("X-A")));
    }

    [Fact]
    public async Task An_error_with_a_body_has_it() => Assert.Equal("no", (await Ask(new RespondConfig { Status = 403, Body = "no" })).Text());

    [Fact]
    public void Through_the_driver_head_and_get_agree()
    {
        using var server = new EdgeServer(new RespondFeature().Build(new RespondConfig { Body = "Hello" }, Reading.Context()));
        var get = server.Get("/");
        var head = server.Get("/", method: "HEAD");
        Assert.Equal(("Hello", "5", "5", 0), (get.Text, get["Content-Length"], head["Content-Length"], head.Body.Length));
    }

    [Theory]
    [InlineData("X-A", "a\r\nb")]
    [InlineData("X-A", "a\0")]
    [InlineData("X A", "1")]
    [InlineData("", "1")]
    [InlineData("X-A:", "1")]
    public void A_field_that_cannot_be_sent_is_a_fault(string name, string value)
    {
        var faults = new Faults();
        new RespondFeature().Validate(new RespondConfig { Headers = new Dictionary<string, string> { [name] = value } }, faults);
        Assert.Equal([$"headers.{name}"], faults.Settings);
    }

    [Fact]
    public void A_type_that_cannot_be_sent_is_a_fault()
    {
        var faults = new Faults();
        new RespondFeature().Validate(new RespondConfig { Type = "text/html\r\nX: 1" }, faults);
        Assert.Equal(["type"], faults.Settings);
    }

    private static async Task<FakeExchange> Ask(RespondConfig config)
    {
        var exchange = Reading.Exchange();
        await new RespondFeature().Build(config, Reading.Context()).HandleAsync(exchange);
        return exchange;
    }
}
