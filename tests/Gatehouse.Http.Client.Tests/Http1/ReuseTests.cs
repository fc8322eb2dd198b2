using System.Text;
using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Protocols;

namespace Gatehouse.Http.Client.Tests.Http1;

/// <summary>Which connections are used again, and which are not.</summary>
public sealed class ReuseTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private const string Post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n";

    [Theory]
    [MemberData(nameof(ConnectionLab.Kinds), MemberType = typeof(ConnectionLab))]
    public async Task Connection_carries_one_request_after_the_other(string kind)
    {
        await using var lab = new ConnectionLab(kind, async side =>
        {
            for (var i = 0; i < 3; i++)
            {
                await side.ReadHeadAsync();
                await side.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{i}");
            }
            await side.ReadToEndAsync();
        });
        var answers = new List<Answer>();
        for (var i = 0; i < 3; i++)
            answers.Add(await lab.AskAsync());
        Assert.Equal(["0", "1", "2"], answers.Select(answer => answer.Body));
        Assert.Equal([false, true, true], answers.Select(answer => answer.IsReused));
        Assert.Equal((1, 1), await lab.Reactor.Run(() => (lab.Pool.Count, lab.Pool.IdleCount)));
    }

    [Theory]
    [MemberData(nameof(ConnectionLab.Kinds), MemberType = typeof(ConnectionLab))]
    public async Task Servers_end_of_a_connection_at_rest_is_noticed(string kind)
    {
        var close = new TaskCompletionSource();
        await using var lab = new ConnectionLab(kind, async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync(Ok);
            await close.Task;
        });
        await lab.AskAsync();
        Assert.Equal(1, await lab.Reactor.Run(() => lab.Pool.IdleCount));
        close.SetResult();
        await lab.Reactor.UntilAsync(() => lab.Pool is { IdleCount: 0, Count: 0 }, "the pool forgets the connection");
    }

    [Theory]
    [MemberData(nameof(ConnectionLab.Kinds), MemberType = typeof(ConnectionLab))]
    public async Task Response_that_was_there_at_the_first_read_does_not_hide_the_servers_end(string kind)
    {
        // The answer and the end come before the client reads for the first time: no edge will tell of either.
        var sent = new TaskCompletionSource();
        await using var lab = new ConnectionLab(kind, async side =>
        {
            await side.SendAsync(Ok);
            side.ShutdownWrite();
            sent.SetResult();
            await side.ReadToEndAsync();
        });
        var connection = await lab.Reactor.RunAsync(lab.ConnectAsync);
        await sent.Task;
        await Task.Delay(20);
        var answer = await lab.Reactor.RunAsync(() => ConnectionLab.AskAsync(connection, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        Assert.Equal("ok", answer.Body);
        await lab.Reactor.UntilAsync(() => lab.Pool.Count == 0, "the connection that the server has ended is not kept");
    }

    [Theory]
    [MemberData(nameof(ConnectionLab.Kinds), MemberType = typeof(ConnectionLab))]
    public async Task Connection_closed_when_it_is_taken_up_again_fails_before_the_response(string kind)
    {
        await using var lab = new ConnectionLab(kind, async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync(Ok);
            await side.ReadHeadAsync();
        });
        await lab.AskAsync();
        var exception = await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync());
        Assert.Equal(ClientFault.ClosedBeforeResponse, exception.Fault);
    }

    [Theory]
    [InlineData(Ok + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", "")]
    [InlineData(Ok, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nevil", "")]
    public async Task Second_answer_is_never_the_next_requests(string at_once, string later)
    {
        await using var lab = new ConnectionLab("tcp", async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync(at_once);
            if (later.Length > 0)
            {
                await Task.Delay(30);
                await side.SendAsync(later);
            }
            await side.ReadToEndAsync();
        });
        await lab.AskAsync();
        await lab.Reactor.UntilAsync(() => lab.Pool.Count == 0, "the connection is closed");
    }

    [Theory]
    [MemberData(nameof(ConnectionLab.Kinds), MemberType = typeof(ConnectionLab))]
    public async Task Answer_before_the_end_of_the_request_is_read_and_its_connection_closed(string kind)
    {
        await using var lab = new ConnectionLab(kind, async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
            Assert.Equal("abc", await side.ReadToEndAsync());
        });
        await lab.Reactor.RunAsync(async () =>
        {
            var connection = await lab.ConnectAsync();
            connection.Begin(Method.Post);
            connection.Output.Append(Encoding.Latin1.GetBytes(Post));
            connection.IsRequestOpen = true;
            await connection.FlushAsync();
            connection.Output.Append("abc"u8);
            await connection.FlushAsync();
            var generation = connection.Generation;
            var answer = await Answer.ReadAsync(connection, Method.Post);
            Assert.Equal((413, "big"), (answer.Status, answer.Body));

            // Seven bytes are still owed: what came next would be taken for them.
            connection.Release();
            Assert.NotEqual(generation, connection.Generation);
            Assert.Equal(0, lab.Pool.Count);
        });
    }

    [Theory]
    [MemberData(nameof(ConnectionLab.Kinds), MemberType = typeof(ConnectionLab))]
    public async Task Answer_is_found_when_the_server_closed_without_reading_the_body(string kind)
    {
        var answered = new TaskCompletionSource();
        await using var lab = new ConnectionLab(kind, async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
            side.ShutdownWrite();
            await answered.Task;
        });
        var body = new byte[8 * 1024 * 1024];
        await lab.Reactor.RunAsync(async () =>
        {
            var connection = await lab.ConnectAsync();
            connection.Begin(Method.Post);
            connection.Output.Append(Encoding.Latin1.GetBytes($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {body.Length}\r\n\r\n"));
            connection.Output.Attach(body);
            var sending = connection.FlushAsync().AsTask();
            var answer = await Answer.ReadAsync(connection, Method.Post);
            Assert.Equal((403, "no"), (answer.Status, answer.Body));
            answered.SetResult();
            // The writing ends with the connection, one way or the other.
            connection.Release();
            await Assert.ThrowsAsync<ClientException>(() => sending);
        });
    }

    [Fact]
    public async Task Request_that_is_complete_lets_its_connection_be_kept()
    {
        await using var lab = new ConnectionLab("tcp", async side =>
        {
            await side.ReadRequestAsync();
            await side.SendAsync(Ok);
            await side.ReadToEndAsync();
        });
        await lab.Reactor.RunAsync(async () =>
        {
            var connection = await lab.ConnectAsync();
            connection.Begin(Method.Post);
            connection.Output.Append(Encoding.Latin1.GetBytes(Post));
            connection.IsRequestOpen = true;
            await connection.FlushAsync();
            connection.Output.Append("0123456789"u8);
            await connection.FlushAsync();
            connection.IsRequestOpen = false;
            await Answer.ReadAsync(connection, Method.Post);
            connection.Release();
            Assert.Equal(1, lab.Pool.IdleCount);
        });
    }

    [Fact]
    public async Task Client_that_goes_away_ends_the_exchange()
    {
        await using var lab = new ConnectionLab("tcp", side => side.ReadToEndAsync());
        await lab.Reactor.RunAsync(async () =>
        {
            var connection = await lab.ConnectAsync();
            connection.Begin(Method.Get);
            connection.Output.Append("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8);
            await connection.FlushAsync();
            var reading = connection.ReadHeadAsync().AsTask();
            connection.OnClientAborted();
            var exception = await Assert.ThrowsAsync<ClientException>(() => reading);
            Assert.Contains("closed by this side", exception.Message, StringComparison.Ordinal);
            Assert.Throws<ClientException>(() => { _ = connection.FlushAsync(); });
            connection.Release();
            Assert.Equal(0, lab.Pool.Count);
        });
    }
}
