using System.Buffers;
using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Exchanges;

/// <summary>What every protocol's exchange shares: filters, transforms, and the length that an answer gets.</summary>
public sealed class ExchangeTests
{
    [Fact]
    public async Task A_whole_answer_has_its_length()
    {
        var exchange = new FakeExchange();
        await exchange.SendAsync("12345"u8.ToArray());
        Assert.Equal(5, exchange.Response.ContentLength);
        Assert.True(exchange.IsEnded);
    }

    [Theory]
    [InlineData("GET", 200, 0)]
    [InlineData("GET", 404, 0)]
    [InlineData("GET", 304, -1)]
    [InlineData("HEAD", 200, -1)]
    public async Task An_answer_without_a_body_has_a_length_where_that_is_true(string method, int status, long length)
    {
        var exchange = new FakeExchange(method);
        exchange.Response.Status = status;
        await exchange.CompleteAsync();
        Assert.Equal(length, exchange.Response.ContentLength);
    }

    [Fact]
    public async Task A_streamed_answer_has_none_unless_it_was_given()
    {
        var exchange = new FakeExchange();
        await exchange.WriteAsync("123"u8.ToArray());
        Assert.Equal(-1, exchange.Response.ContentLength);
        await exchange.SendAsync("45"u8.ToArray());
        Assert.Equal(-1, exchange.Response.ContentLength);
        Assert.Equal("12345", Encoding.ASCII.GetString(exchange.Sent));
    }

    [Fact]
    public async Task Filters_are_asked_once_from_the_last_to_the_first()
    {
        var asked = new List<string>();
        var exchange = new FakeExchange();
        exchange.AddFilter(new Noting("outer", asked));
        exchange.AddFilter(new Noting("inner", asked));
        await exchange.WriteAsync("x"u8.ToArray());
        await exchange.CompleteAsync();
        Assert.Equal(["inner", "outer"], asked);
    }

    [Fact]
    public async Task Transforms_follow_one_another_and_are_asked_for_their_rest()
    {
        var exchange = new FakeExchange();
        exchange.AddFilter(new Doubling());
        exchange.AddFilter(new Holding());
        await exchange.WriteAsync("ab"u8.ToArray());
        Assert.Empty(exchange.Sent);
        await exchange.WriteAsync("cd"u8.ToArray());
        await exchange.CompleteAsync();
        Assert.Equal("aabbccdd", Encoding.ASCII.GetString(exchange.Sent));
        Assert.True(exchange.IsEnded);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(199)]
    public async Task An_interim_status_ends_no_answer(int status)
    {
        var exchange = new FakeExchange();
        exchange.Response.Status = status;
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await exchange.CompleteAsync());
        Assert.False(exchange.Response.HasStarted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(600)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_status_has_three_digits(int status)
    {
        var response = new Response();
        Assert.Throws<ArgumentOutOfRangeException>(() => response.Status = status);
        Assert.Equal(200, response.Status);
    }

    private sealed class Noting(string name, List<string> asked) : IResponseFilter
    {
        public IBodyTransform? OnResponse(Exchange exchange)
        {
            asked.Add(name);
            return null;
        }
    }

    private sealed class Doubling : IResponseFilter, IBodyTransform
    {
        public IBodyTransform OnResponse(Exchange exchange) => this;

        public void Transform(ReadOnlySpan<byte> input, bool last, IBufferWriter<byte> output)
        {
            foreach (var value in input)
                output.Write([value, value]);
        }

        public void Dispose()
        {
        }
    }

    /// <summary>Holds everything back until the end.</summary>
    private sealed class Holding : IResponseFilter, IBodyTransform
    {
        private readonly List<byte> _held = [];

        public IBodyTransform OnResponse(Exchange exchange) => this;

        public void Transform(ReadOnlySpan<byte> input, bool last, IBufferWriter<byte> output)
        {
            _held.AddRange(input);
            if (last)
                output.Write(_held.ToArray());
        }

        public void Dispose()
        {
        }
    }
}
