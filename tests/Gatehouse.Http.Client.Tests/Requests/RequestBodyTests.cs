using System.Text;
using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Http.Forms;
using Gatehouse.Testing;

namespace Gatehouse.Http.Client.Tests.Requests;

/// <summary>Bodies of every kind, how they are framed, and what goes wrong with them.</summary>
public sealed class RequestBodyTests
{
    [Fact]
    public async Task Bodies_arrive_as_framed()
    {
        var large = new byte[300_000];
        new Random(1).NextBytes(large);
        (RequestBody Body, byte[] Expected, bool IsChunked)[] cases =
        [
            (RequestBody.FromBytes("abc"u8.ToArray()), "abc"u8.ToArray(), false),
            (RequestBody.FromBytes(large), large, false),
            (RequestBody.FromBytes(default), [], false),
            (RequestBody.FromStream(new MemoryStream(large)), large, false),
            (RequestBody.FromStream(new MemoryStream(large, 1000, 50)), large[1000..1050], false),
            (RequestBody.FromStream(new Unseekable(large)), large, true),
            (RequestBody.FromStream(new Unseekable(large), large.Length), large, false),
            (RequestBody.FromStream(new Unseekable([])), [], true),
            (RequestBody.FromStream(new MemoryStream()), [], false),
            (RequestBody.FromWriter((output, stop) => WriteAsync(output, large, 7, stop)), large[..700], true),
            (RequestBody.FromWriter((output, stop) => WriteAsync(output, large, 2000, stop), 200_000), large[..200_000], false),
        ];
        using var server = new TestServer(EchoAsync);
        using var requester = new HttpRequester();
        foreach (var (body, expected, isChunked) in cases)
        {
            using var response = await requester.SendAsync(new ClientRequest("POST", server.Url(), body));
            Assert.Equal(isChunked ? "-1" : expected.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), response["X-Length"]);
            Assert.Equal(expected, await response.ReadBytesAsync());
        }
        // One after the other over one connection: none left anything behind.
        Assert.Equal(1, server.Server.OpenConnections);
    }

    [Fact]
    public async Task Forms_are_encoded()
    {
        await using var server = ScriptedServer.Start(RequesterLab.MirrorAsync);
        using var requester = new HttpRequester();
        var (_, body) = await requester.SendTextAsync(new ClientRequest("POST", server.Url(), RequestBody.FromForm(new("a b", "1&2"), new("é", ""))));
        Assert.Contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n", body, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\na+b=1%262&%C3%A9=", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Multipart_form_has_the_length_it_announces_and_is_read_back()
    {
        using var folder = new TempFolder();
        var path = folder.Write("photo.bin", new byte[100_000]);
        var form = new MultipartBody();
        form.AddField("title", "A \"title\"");
        form.AddFile("small", "s.txt", "text/plain", "content"u8.ToArray());
        form.AddFile("photo", path, "application/octet-stream");
        var seen = new List<string>();
        using var server = new TestServer(async exchange =>
        {
            seen.Add($"announced {exchange.Request.ContentLength}");
            using var read = await FormReader.ReadAsync(exchange);
            seen.AddRange(read.Fields.Select(field => $"{field.Name}={field.Value}"));
            seen.AddRange(read.Files.Select(file => $"{file.Name}:{file.FileName}:{file.Length}"));
            await exchange.CompleteAsync();
        });
        using var requester = new HttpRequester();
        var (response, _) = await requester.SendTextAsync(new ClientRequest("POST", server.Url(), form));
        Assert.Equal(200, response.Status);
        Assert.Equal([$"announced {form.Length}", "title=A \"title\"", "small:s.txt:7", "photo:photo.bin:100000"], seen);
    }

    [Theory]
    [InlineData(3, 5, "ended after 3 bytes; expected the 5 that were announced")]
    [InlineData(7, 5, "goes on after 0 bytes with 7 more; expected the 5 that were announced")]
    public async Task Body_that_is_not_as_long_as_announced_fails_the_request(int length, int announced, string message)
    {
        using var server = new TestServer(EchoAsync);
        using var requester = new HttpRequester();
        var body = RequestBody.FromWriter((output, stop) => output.WriteAsync(new byte[length], stop).AsTask(), announced);
        var exception = await Assert.ThrowsAsync<IOException>(() => requester.SendTextAsync(new ClientRequest("POST", server.Url(), body)));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(exception.InnerException);
    }

    [Fact]
    public async Task Fault_of_the_callers_stream_is_the_requests()
    {
        using var server = new TestServer(EchoAsync);
        using var requester = new HttpRequester();
        var body = RequestBody.FromWriter(async (output, stop) =>
        {
            await output.WriteAsync(new byte[10], stop);
            throw new InvalidDataException("no more");
        });
        var exception = await Assert.ThrowsAsync<IOException>(() => requester.SendTextAsync(new ClientRequest("POST", server.Url(), body)));
        Assert.Equal("no more", Assert.IsType<InvalidDataException>(exception.InnerException).Message);
    }

    private static async Task WriteAsync(Stream output, byte[] data, int piece, CancellationToken stop)
    {
        for (var i = 0; i < 100; i++)
            await output.WriteAsync(data.AsMemory(i * piece, piece), stop);
    }

    private static async ValueTask EchoAsync(Exchange exchange)
    {
        exchange.Response.Headers.Add("X-Length"u8, Encoding.ASCII.GetBytes($"{exchange.Request.ContentLength}"));
        var buffer = new byte[10_000];
        int count;
        while ((count = await exchange.ReadAsync(buffer)) > 0)
            await exchange.WriteAsync(buffer.AsMemory(0, count));
        await exchange.CompleteAsync();
    }

    private sealed class Unseekable(byte[] data) : MemoryStream(data)
    {
        public override bool CanSeek => false;
    }
}
