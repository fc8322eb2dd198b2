using System.Text;
using Gatehouse.Gateways.Python;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Gateways.Tests.Python;

/// <summary>The head that an application gives.</summary>
public sealed class AnswerHeadTests
{
    private readonly Response _response = new();

    [Fact]
    public void Status_fields_and_length_are_taken_over()
    {
        Assert.True(Read("404 Not Found\nContent-Type\ttext/plain".Replace('\t', '\n') + "\nX-One\n a \nSet-Cookie\na=b\nSet-Cookie\nc=d\nContent-Length\n12", out _));
        Assert.Equal(404, _response.Status);
        Assert.Equal(12, _response.ContentLength);
        Assert.Equal("Content-Type: text/plain|X-One: a|Set-Cookie: a=b|Set-Cookie: c=d", Fields());
    }

    [Theory]
    [InlineData("200 OK", "")]
    [InlineData("200 ", "")]
    [InlineData("200 OK\nConnection\nclose\nTransfer-Encoding\nchunked\nX-A\n", "X-A: ")]
    public void What_belongs_to_the_connection_is_left_out(string head, string fields)
    {
        Assert.True(Read(head, out var fault), fault);
        Assert.Equal(fields, Fields());
    }

    [Theory]
    [InlineData("", "status")]
    [InlineData("OK", "status")]
    [InlineData("99 No", "status")]
    [InlineData("100 Continue", "status")]
    [InlineData("600 No", "status")]
    [InlineData("2000 No", "status")]
    [InlineData("200 OK\nBad name\nx", "token")]
    [InlineData("200 OK\n\nx", "token")]
    [InlineData("200 OK\nX\na\rb", "control")]
    [InlineData("200 OK\nContent-Length\nten", "number")]
    [InlineData("200 OK\nContent-Length\n-1", "number")]
    [InlineData("200 OK\nContent-Length\n+1", "number")]
    [InlineData("200 OK\nContent-Length\n", "number")]
    [InlineData("200 OK\nContent-Length\n1\nContent-Length\n2", "twice")]
    public void What_is_none_is_named(string head, string said)
    {
        Assert.False(Read(head, out var fault));
        Assert.Contains(said, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_heads_never_throw()
    {
        var random = new Random(7);
        var alphabet = "200 OK\n\n\n:Xx-\r\0\u00ff,Content-Length19"u8.ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var head = new byte[random.Next(40)];
            for (var at = 0; at < head.Length; at++)
                head[at] = alphabet[random.Next(alphabet.Length)];
            _response.Reset();
            AnswerHead.TryRead(i % 2 == 0 ? head : [.. "200 OK\n"u8, .. head], _response, out _);
        }
    }

    private bool Read(string head, out string? fault) => AnswerHead.TryRead(Encoding.Latin1.GetBytes(head), _response, out fault);

    private string Fields() => string.Join('|', Enumerable.Range(0, _response.Headers.Count).Select(i => Text(_response.Headers[i])));

    private static string Text(HeaderField field) => $"{Encoding.Latin1.GetString(field.Name)}: {Encoding.Latin1.GetString(field.Value)}";
}
