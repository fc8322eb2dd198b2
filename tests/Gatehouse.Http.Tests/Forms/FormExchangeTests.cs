using Gatehouse.Http.Forms;

namespace Gatehouse.Http.Tests.Forms;

public class FormExchangeTests
{
    private const string Type = "Content-Type: application/x-www-form-urlencoded";

    [Fact]
    public async Task Reads_the_body_of_an_exchange()
    {
        var exchange = new FormExchange([Type, "Content-Encoding: identity"], -1, "a=1&b"u8.ToArray(), "=2"u8.ToArray());
        using var form = await FormReader.ReadAsync(exchange);
        Assert.Equal([new FormField("a", "1"), new FormField("b", "2")], form.Fields);
        Assert.Equal(3, exchange.Reads);
    }

    [Fact]
    public async Task A_message_without_body_and_type_is_an_empty_form()
    {
        using var form = await FormReader.ReadAsync(new FormExchange([], 0));
        Assert.Empty(form.Fields);
        Assert.Empty(form.Files);
    }

    [Theory]
    [InlineData(101, 413, "BodyBytes of 100 bytes", Type)]
    [InlineData(5, 415, "Expected a form")]
    [InlineData(5, 415, "Content-Encoding", Type, "Content-Encoding: gzip")]
    [InlineData(5, 400, "one Content-Type", Type, Type)]
    public async Task Refuses_by_the_head_before_it_reads(long length, int status, string message, params string[] fields)
    {
        var exchange = new FormExchange(fields, length, "a=1"u8.ToArray());
        var fault = await Assert.ThrowsAsync<BadRequestException>(async () => await FormReader.ReadAsync(exchange, new FormLimits { BodyBytes = 100 }));
        Assert.Equal(status, fault.Status);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, exchange.Reads);
    }
}
