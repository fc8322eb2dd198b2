using Gatehouse.Http.Conditional;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Conditional;

public class PreconditionsTests
{
    private const string Before = "Sun, 06 Nov 1994 08:49:36 GMT";
    private const string Exact = "Sun, 06 Nov 1994 08:49:37 GMT";
    private const string After = "Sun, 06 Nov 1994 08:49:38 GMT";
    private const long LastModified = 784111777;

    [Theory]
    [InlineData("GET", "If-Match: \"a\"", ConditionalOutcome.Proceed)]
    [InlineData("GET", "If-Match: *", ConditionalOutcome.Proceed)]
    [InlineData("GET", "If-Match: W/\"a\"", ConditionalOutcome.PreconditionFailed)]
    [InlineData("PUT", "If-Match: \"b\"", ConditionalOutcome.PreconditionFailed)]
    [InlineData("PUT", "If-Unmodified-Since: " + Exact, ConditionalOutcome.Proceed)]
    [InlineData("PUT", "If-Unmodified-Since: " + Before, ConditionalOutcome.PreconditionFailed)]
    [InlineData("PUT", "If-Unmodified-Since: yesterday", ConditionalOutcome.Proceed)]
    [InlineData("PUT", "If-Match: \"a\"|If-Unmodified-Since: " + Before, ConditionalOutcome.Proceed)]
    [InlineData("GET", "If-None-Match: \"a\"", ConditionalOutcome.NotModified)]
    [InlineData("HEAD", "If-None-Match: \"b\", W/\"a\"", ConditionalOutcome.NotModified)]
    [InlineData("GET", "If-None-Match: \"b\"", ConditionalOutcome.Proceed)]
    [InlineData("GET", "If-None-Match: *", ConditionalOutcome.NotModified)]
    [InlineData("PUT", "If-None-Match: *", ConditionalOutcome.PreconditionFailed)]
    [InlineData("GET", "If-Modified-Since: " + Exact, ConditionalOutcome.NotModified)]
    [InlineData("HEAD", "If-Modified-Since: " + After, ConditionalOutcome.NotModified)]
    [InlineData("GET", "If-Modified-Since: " + Before, ConditionalOutcome.Proceed)]
    [InlineData("POST", "If-Modified-Since: " + Exact, ConditionalOutcome.Proceed)]
    [InlineData("GET", "If-None-Match: \"b\"|If-Modified-Since: " + Exact, ConditionalOutcome.Proceed)]
    [InlineData("GET", "If-Match: \"b\"|If-None-Match: \"a\"", ConditionalOutcome.PreconditionFailed)]
    [InlineData("OPTIONS", "If-Match: \"b\"", ConditionalOutcome.Proceed)]
    [InlineData("GET", "Range: bytes=0-|If-Range: \"a\"", ConditionalOutcome.Proceed)]
    [InlineData("GET", "Range: bytes=0-|If-Range: W/\"a\"", ConditionalOutcome.IgnoreRange)]
    [InlineData("GET", "Range: bytes=0-|If-Range: \"b\"", ConditionalOutcome.IgnoreRange)]
    [InlineData("GET", "Range: bytes=0-|If-Range: " + Exact, ConditionalOutcome.Proceed)]
    [InlineData("GET", "Range: bytes=0-|If-Range: " + After, ConditionalOutcome.IgnoreRange)]
    [InlineData("GET", "Range: bytes=0-|If-Range: nonsense", ConditionalOutcome.IgnoreRange)]
    [InlineData("GET", "If-Range: \"b\"", ConditionalOutcome.Proceed)]
    [InlineData("GET", "Range: bytes=0-|If-Range: \"b\"|If-None-Match: \"a\"", ConditionalOutcome.NotModified)]
    public void Evaluates_in_the_order_of_the_RFC(string method, string headers, ConditionalOutcome expected) =>
        Assert.Equal(expected, Preconditions.Evaluate(Make(method, headers).Request, "\"a\""u8, LastModified, LastModified + 1));

    [Fact]
    public void A_date_of_this_very_second_is_no_strong_validator()
    {
        var request = Make("GET", "Range: bytes=0-|If-Range: " + Exact).Request;
        Assert.Equal(ConditionalOutcome.IgnoreRange, Preconditions.Evaluate(request, default, LastModified, LastModified));
    }

    [Fact]
    public void A_representation_without_validators_matches_only_the_asterisk()
    {
        Assert.Equal(ConditionalOutcome.PreconditionFailed, Preconditions.Evaluate(Make("GET", "If-Match: \"a\"").Request, default, -1, 0));
        Assert.Equal(ConditionalOutcome.Proceed, Preconditions.Evaluate(Make("GET", "If-Match: *").Request, default, -1, 0));
        Assert.Equal(ConditionalOutcome.Proceed, Preconditions.Evaluate(Make("GET", "If-Modified-Since: " + Exact).Request, default, -1, 0));
        Assert.Equal(ConditionalOutcome.Proceed, Preconditions.Evaluate(Make("PUT", "If-Unmodified-Since: " + Before).Request, default, -1, 0));
    }

    [Fact]
    public void What_does_not_exist_matches_nothing()
    {
        Assert.Equal(ConditionalOutcome.PreconditionFailed, Preconditions.EvaluateAbsent(Make("PUT", "If-Match: *").Request));
        Assert.Equal(ConditionalOutcome.Proceed, Preconditions.EvaluateAbsent(Make("PUT", "If-None-Match: *").Request));
    }

    private static FakeExchange Make(string method, string headers) =>
        new(method, "/", headers.Split('|').Select(h => (h[..h.IndexOf(':')], h[(h.IndexOf(':') + 2)..])).ToArray());
}
