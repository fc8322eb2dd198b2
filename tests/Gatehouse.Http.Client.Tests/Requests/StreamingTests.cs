using System.Text;
using Gatehouse.Http.Client.Tests.Support;

namespace Gatehouse.Http.Client.Tests.Requests;

/// <summary>Both directions at once, back-pressure, and answers that come before the request is over.</summary>
public sealed class StreamingTests
{
    [Fact]
    public async Task Request_and_response_stream_at_the_same_time()
    {
        using var server = new TestServer(async exchange =>
        {
            await exchange.WriteAsync(default);
            var buffer = new byte[100];
            int count;
            while ((count = await exchange.ReadAsync(buffer)) > 0)
                await exchange.WriteAsync(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(buffer, 0, count).ToUpperInvariant()));
            await exchange.CompleteAsync();
        });
        using var requester = new HttpRequester();
        string[] words = ["one", "two", "three"];
        var next = new SemaphoreSlim(0);
        var body = RequestBody.FromWriter(async (output, stop) =>
        {
            foreach (var word in words)
            {
                await next.WaitAsync(stop);
                await output.WriteAsync(Encoding.ASCII.GetBytes(word), stop);
            }
        });
        using var response = await requester.SendAsync(new ClientRequest("POST", server.Url(), body));
        var buffer = new byte[100];
        foreach (var word in words)
        {
            next.Release();
            var count = await response.Body.ReadAsync(buffer);
            Assert.Equal(word.ToUpperInvariant(), Encoding.ASCII.GetString(buffer, 0, count));
        }
        Assert.Equal(0, await response.Body.ReadAsync(buffer));
        Assert.True((await requester.GetTextAsync(server.Url())).Response.IsReused);
    }

    [Fact]
    public async Task Writer_waits_for_a_server_that_does_not_read()
    {
        var over = new TaskCompletionSource();
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            await over.Task;
        });
        using var requester = new HttpRequester();
        var written = 0L;
        const long Total = 64L * 1024 * 1024;
        var body = RequestBody.FromWriter(async (output, stop) =>
        {
            var piece = new byte[64 * 1024];
            while (Volatile.Read(ref written) < Total)
            {
                await output.WriteAsync(piece, stop);
                Interlocked.Add(ref written, piece.Length);
            }
        });
        using var stop = new CancellationTokenSource();
        var sending = requester.SendAsync(new ClientRequest("POST", server.Url(), body), stop.Token);
        await UntilStableAsync(() => Volatile.Read(ref written));
        Assert.InRange(Volatile.Read(ref written), 1, Total / 2);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        over.SetResult();
    }

    [Fact]
    public async Task Server_waits_for_a_reader_that_does_not_read()
    {
        var written = 0L;
        const long Total = 64L * 1024 * 1024;
        using var server = new TestServer(async exchange =>
        {
            exchange.Response.ContentLength = Total;
            var piece = new byte[64 * 1024];
            for (; Volatile.Read(ref written) < Total; Interlocked.Add(ref written, piece.Length))
                await exchange.WriteAsync(piece);
        });
        using var requester = new HttpRequester();
        using var response = await requester.GetAsync(server.Url());
        await UntilStableAsync(() => Volatile.Read(ref written));
        Assert.InRange(Volatile.Read(ref written), 1, Total / 2);
        var received = 0L;
        var buffer = new byte[256 * 1024];
        int count;
        while ((count = await response.Body.ReadAsync(buffer)) > 0)
            received += count;
        Assert.Equal(Total, received);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_that_comes_first_is_the_answer(bool lingers)
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo much");
            if (!lingers)
                return;
            side.ShutdownWrite();
            await side.ReadToEndAsync();
        });
        using var requester = new HttpRequester();
        var stopped = new TaskCompletionSource();
        var body = RequestBody.FromWriter(async (output, stop) =>
        {
            try
            {
                while (true)
                    await output.WriteAsync(new byte[100], stop);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                stopped.SetResult();
                throw;
            }
        });
        // A server that closes with bytes unread resets the connection, and its answer may be lost with it: that is why servers linger (RFC 9112 section 9.6).
        if (lingers)
        {
            var (response, text) = await requester.SendTextAsync(new ClientRequest("POST", server.Url(), body));
            Assert.Equal((413, "too much"), (response.Status, text));
        }
        else
        {
            try
            {
                await requester.SendTextAsync(new ClientRequest("POST", server.Url(), body));
            }
            catch (ClientException exception)
            {
                Assert.True(exception.Fault is ClientFault.ClosedBeforeResponse or ClientFault.Truncated, exception.Message);
            }
        }
        await stopped.Task.WaitAsync(ReactorExtensions.Limit);
    }

    [Fact]
    public async Task Second_read_at_a_time_is_refused()
    {
        await using var server = ScriptedServer.Start(async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
            await side.ReadToEndAsync();
        });
        using var requester = new HttpRequester();
        using var response = await requester.GetAsync(server.Url());
        var first = response.Body.ReadAsync(new byte[10]).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await response.Body.ReadAsync(new byte[10]));
        response.Dispose();
        await Assert.ThrowsAsync<ClientException>(() => first);
    }

    [Fact]
    public async Task Blocking_members_work_too()
    {
        using var server = new TestServer(async exchange =>
        {
            var buffer = new byte[1000];
            int count;
            while ((count = await exchange.ReadAsync(buffer)) > 0)
                await exchange.WriteAsync(buffer.AsMemory(0, count));
        });
        using var requester = new HttpRequester();
        var body = RequestBody.FromWriter((output, _) =>
        {
            using var writer = new StreamWriter(output, leaveOpen: true);
            for (var i = 0; i < 1000; i++)
                writer.Write("line\n");
            return Task.CompletedTask;
        });
        using var response = await requester.SendAsync(new ClientRequest("POST", server.Url(), body));
        using var reader = new StreamReader(response.Body);
        Assert.Equal(5000, reader.ReadToEnd().Length);
    }

    private static async Task UntilStableAsync(Func<long> value)
    {
        for (var before = -1L; before != value() || before == 0; await Task.Delay(300))
            before = value();
    }
}
