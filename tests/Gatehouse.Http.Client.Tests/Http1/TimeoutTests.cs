using System.Net;
using System.Net.Sockets;
using System.Text;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Http.Client.Tests.Http1;

/// <summary>Each step has its time limit, with its own fault.</summary>
public sealed class TimeoutTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(80);

    private static ClientTimeouts Times(TimeSpan? firstByte = null, TimeSpan? idle = null) => new()
    {
        FirstByte = firstByte ?? TimeSpan.FromSeconds(20),
        Idle = idle ?? TimeSpan.FromSeconds(20),
    };

    [Fact]
    public async Task Connect()
    {
        // A queue of accepted connections that is full: the kernel drops the next SYN.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var port = (ushort)((IPEndPoint)listener.LocalEndPoint!).Port;
        var fillers = new List<Socket>();
        for (var i = 0; i < 3; i++)
        {
            var filler = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            fillers.Add(filler);
            try
            {
                filler.Connect(new IPEndPoint(IPAddress.Loopback, port));
            }
            catch (SocketException fault) when (fault.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // Under way.
            }
        }
        await Task.Delay(50);

        using var group = ReactorGroup.StartNew(1);
        var pool = new ConnectionPool(group.Reactors[0], new Endpoint(IpAddress.FromV4(0x7F000001), port), new ClientTimeouts { Connect = Short });
        var exception = await Assert.ThrowsAsync<ClientException>(() => group.Reactors[0].RunAsync(async () => await pool.ConnectAsync()));
        Assert.Equal(ClientFault.ConnectTimeout, exception.Fault);
        Assert.EndsWith("did not accept the connection within 0.08 s", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, await group.Reactors[0].Run(() => pool.Count));
        fillers.ForEach(filler => filler.Dispose());
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    public async Task Response(string sent)
    {
        await using var lab = new ConnectionLab("tcp", side => SendAndStayAsync(side, sent), Times(firstByte: Short));
        var exception = await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync());
        Assert.Equal(ClientFault.ResponseTimeout, exception.Fault);
        Assert.EndsWith("sent no response within 0.08 s", exception.Message, StringComparison.Ordinal);
        Assert.Equal(504, exception.GatewayStatus);
        Assert.Equal(0, await lab.Reactor.Run(() => lab.Pool.Count));
    }

    [Fact]
    public async Task Response_that_drips_is_late_all_the_same()
    {
        await using var lab = new ConnectionLab("memory", async side =>
        {
            await side.ReadHeadAsync();
            try
            {
                foreach (var letter in "HTTP/1.1 200 OK\r\nX: " + new string('x', 10_000))
                {
                    await side.SendAsync(letter.ToString());
                    await Task.Delay(10);
                }
            }
            catch (IOException)
            {
                // The client went away.
            }
        }, Times(firstByte: TimeSpan.FromMilliseconds(200)));
        Assert.Equal(ClientFault.ResponseTimeout, (await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync())).Fault);
    }

    [Fact]
    public async Task Body()
    {
        await using var lab = new ConnectionLab("tcp", side => SendAndStayAsync(side, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"), Times(idle: Short));
        var exception = await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync());
        Assert.Equal(ClientFault.BodyTimeout, exception.Fault);
        Assert.EndsWith("sent nothing more of its response for 0.08 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_that_is_waited_for_without_a_buffer()
    {
        await using var lab = new ConnectionLab("tcp", side => SendAndStayAsync(side, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"), Times(idle: Short));
        var exception = await Assert.ThrowsAsync<ClientException>(() => lab.Reactor.RunAsync(async () =>
        {
            var connection = await StartAsync(lab, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await connection.FlushAsync();
            await connection.ReadHeadAsync();
            Assert.Equal(-1, connection.TryReadBody(new byte[10]));
            try
            {
                await connection.WaitForBodyAsync();
            }
            finally
            {
                connection.Release();
            }
        }));
        Assert.Equal(ClientFault.BodyTimeout, exception.Fault);
    }

    [Theory]
    [MemberData(nameof(ConnectionLab.Kinds), MemberType = typeof(ConnectionLab))]
    public async Task Sending_ends_both_sides_and_forgets_the_bytes(string kind)
    {
        var mayRead = new TaskCompletionSource();
        await using var lab = new ConnectionLab(kind, async side =>
        {
            await mayRead.Task;
            Assert.DoesNotContain('b', (await side.ReadToEndAsync()).Replace("Host: a", "", StringComparison.Ordinal));
        }, Times(idle: Short));
        var body = new byte[32 * 1024 * 1024];
        body.AsSpan().Fill((byte)'a');
        await lab.Reactor.RunAsync(async () =>
        {
            var connection = await StartAsync(lab, $"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {body.Length}\r\n\r\n", Method.Post);
            connection.Output.Attach(body);
            var sending = connection.FlushAsync().AsTask();
            var reading = connection.ReadHeadAsync().AsTask();
            var sent = await Assert.ThrowsAsync<ClientException>(() => sending);
            var read = await Assert.ThrowsAsync<ClientException>(() => reading);
            Assert.Equal((ClientFault.SendTimeout, ClientFault.SendTimeout), (sent.Fault, read.Fault));
            Assert.EndsWith("took no byte of the request for 0.08 s", sent.Message, StringComparison.Ordinal);
            Assert.Equal(0, lab.Pool.Count);
        });
        // What was attached is the caller's again: nothing of it may go out now.
        body.AsSpan().Fill((byte)'b');
        mayRead.SetResult();
    }

    [Fact]
    public async Task Response_has_no_limit_while_the_request_is_sent_and_its_own_behind()
    {
        await using var lab = new ConnectionLab("tcp", side => side.ReadToEndAsync(), Times(firstByte: Short));
        Http1ClientConnection connection = null!;
        Task<int> reading = null!;
        await lab.Reactor.RunAsync(async () =>
        {
            connection = await StartAsync(lab, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", Method.Post);
            connection.IsRequestOpen = true;
            await connection.FlushAsync();
            reading = connection.ReadHeadAsync().AsTask();
        });
        await Task.Delay(Short * 4);
        Assert.False(reading.IsCompleted);
        await lab.Reactor.RunAsync(async () =>
        {
            connection.Output.Append("abc"u8);
            await connection.FlushAsync();
            connection.IsRequestOpen = false;
        });
        Assert.Equal(ClientFault.ResponseTimeout, (await Assert.ThrowsAsync<ClientException>(() => reading)).Fault);
        await lab.Reactor.Run(() =>
        {
            connection.Release();
            return true;
        });
    }

    [Fact]
    public async Task Rest_is_over_when_the_connection_was_not_needed()
    {
        await using var lab = new ConnectionLab(
            "tcp", side => SendAndStayAsync(side, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), Times() with { KeepAlive = TimeSpan.FromSeconds(2) });
        await lab.AskAsync();
        Assert.Equal(1, await lab.Reactor.Run(() => lab.Pool.IdleCount));
        await lab.Reactor.UntilAsync(() => lab.Pool.Count == 0, "the connection is closed");
    }

    private static async Task<Http1ClientConnection> StartAsync(ConnectionLab lab, string head, Method method = Method.Get)
    {
        var connection = await lab.ConnectAsync();
        connection.Begin(method);
        connection.Output.Append(Encoding.Latin1.GetBytes(head));
        return connection;
    }

    private static async Task SendAndStayAsync(ServerSide side, string wire)
    {
        await side.ReadHeadAsync();
        await side.SendAsync(wire);
        await side.ReadToEndAsync();
    }
}
