using Gatehouse.Http.Client.Tests.Support;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Client.Tests.Http1;

/// <summary>Servers that end, break, lie or talk nonsense: each gives the fault of its step, and the connection is closed.</summary>
public sealed class FaultTests
{
    [Theory]
    [MemberData(nameof(ConnectionLab.Kinds), MemberType = typeof(ConnectionLab))]
    public async Task Truncated_and_malformed_responses_are_told_apart(string kind)
    {
        (string Wire, ClientFault Fault, string Message)[] cases =
        [
            ("", ClientFault.ClosedBeforeResponse, "ended the connection before the first byte of a response"),
            ("HTTP/1.1 200 O", ClientFault.Truncated, "ended the connection inside the response's head"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", ClientFault.Truncated, "inside the response's head"),
            ("HTTP/1.1 100 Continue\r\n\r\n", ClientFault.Truncated, "after an interim response"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", ClientFault.Truncated, "after 3 bytes of the response's body"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", ClientFault.Truncated, "after 3 bytes"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n", ClientFault.Truncated, "after 3 bytes"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhelX\r\n", ClientFault.BadResponse, "malformed body"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZ\r\n", ClientFault.BadResponse, "malformed body"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", ClientFault.BadResponse, "more than one Content-Length"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", ClientFault.BadResponse, "Transfer-Encoding with Content-Length"),
            ("SSH-2.0-OpenSSH_9.2\r\n", ClientFault.BadResponse, "must start with HTTP/1.1"),
            ("<html>no head at all</html>\n", ClientFault.BadResponse, "malformed response"),
        ];
        foreach (var (wire, fault, message) in cases)
        {
            await using var lab = new ConnectionLab(kind, async side =>
            {
                await side.ReadHeadAsync();
                await side.SendAsync(wire);
            });
            var exception = await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync());
            Assert.Equal(fault, exception.Fault);
            Assert.Contains(message, exception.Message, StringComparison.Ordinal);
            Assert.Contains(lab.Pool.Endpoint.ToString(), exception.Message, StringComparison.Ordinal);
            Assert.Equal(0, await lab.Reactor.Run(() => lab.Pool.Count));
        }
    }

    [Theory]
    [MemberData(nameof(ConnectionLab.Kinds), MemberType = typeof(ConnectionLab))]
    public async Task Reset_names_the_error(string kind)
    {
        await using var lab = new ConnectionLab(kind, async side =>
        {
            await side.ReadHeadAsync();
            side.Reset();
        });
        var exception = await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync());
        Assert.Equal(ClientFault.ClosedBeforeResponse, exception.Fault);
        Assert.Contains("errno 104", exception.Message, StringComparison.Ordinal);
        Assert.False(exception.IsUnsent);
        Assert.Equal(502, exception.GatewayStatus);
    }

    [Fact]
    public async Task Refused_and_missing_endpoints_are_faults_of_connecting()
    {
        using var group = ReactorGroup.StartNew(1);
        Endpoint[] endpoints = [new(IpAddress.FromV4(0x7F000001), (ushort)Testing.FreePort.Tcp()), new("/nonexistent/socket"), new("@gatehouse-no-such-name")];
        foreach (var endpoint in endpoints)
        {
            var pool = new ConnectionPool(group.Reactors[0], endpoint);
            var exception = await Assert.ThrowsAsync<ClientException>(() => group.Reactors[0].RunAsync(async () => await pool.ConnectAsync()));
            Assert.Equal(ClientFault.Connect, exception.Fault);
            Assert.StartsWith($"{endpoint} does not accept the connection: ", exception.Message, StringComparison.Ordinal);
            Assert.True(exception.IsUnsent);
            Assert.Equal(0, await group.Reactors[0].Run(() => pool.Count));
        }
    }

    [Fact]
    public async Task No_endpoint_is_an_error_of_the_caller_and_leaves_nothing_behind()
    {
        using var group = ReactorGroup.StartNew(1);
        var pool = new ConnectionPool(group.Reactors[0], default);
        await Assert.ThrowsAsync<ArgumentException>(() => group.Reactors[0].RunAsync(async () => await pool.ConnectAsync()));
        Assert.Equal(0, await group.Reactors[0].Run(() => pool.Count));
    }

    [Fact]
    public async Task Heads_are_limited()
    {
        var limits = new Http1Limits { HeadBytes = 1000, Fields = 5 };
        string[] heads =
        [
            $"HTTP/1.1 200 OK\r\nX: {new string('x', 1000)}\r\n\r\n",
            $"HTTP/1.1 200 OK\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", 6))}\r\n",
            $"HTTP/1.1 200 {new string('x', 2000)}",
        ];
        foreach (var head in heads)
        {
            await using var lab = new ConnectionLab("memory", side => SendAndStayAsync(side, head), limits: limits);
            var exception = await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync());
            Assert.Equal(ClientFault.BadResponse, exception.Fault);
            Assert.Contains("limit", exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public async Task Head_larger_than_a_buffer_is_whole(int limit)
    {
        // Fields before and behind the place where the first buffer of 16 KB ends; other connections take up that buffer meanwhile.
        var filler = string.Concat(Enumerable.Range(0, 40).Select(i => $"X-{i}: {new string((char)('a' + (i % 26)), 600)}\r\n"));
        await using var lab = new ConnectionLab(
            "memory",
            side => SendAndStayAsync(side, $"HTTP/1.1 200 OK\r\nX-First: one\r\n{filler}X-Last: two\r\nContent-Length: 20000\r\n\r\n{new string('z', 20000)}"))
        {
            ReadLimit = limit,
        };
        var answer = await lab.AskAsync();
        Assert.Equal($"X-First: one\n{filler.Replace("\r\n", "\n", StringComparison.Ordinal)}X-Last: two\nContent-Length: 20000\n", answer.Fields);
        Assert.Equal(new string('z', 20000), answer.Body);
    }

    [Fact]
    public async Task Interim_responses_are_limited()
    {
        await using var lab = new ConnectionLab("memory", async side =>
        {
            await side.ReadHeadAsync();
            await side.SendAsync(string.Concat(Enumerable.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 101)));
            await side.ReadToEndAsync();
        });
        var exception = await Assert.ThrowsAsync<ClientException>(() => lab.AskAsync());
        Assert.Equal(ClientFault.BadResponse, exception.Fault);
        Assert.Contains("more than 100 interim responses", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_has_the_status_that_a_gateway_answers()
    {
        foreach (var fault in Enum.GetValues<ClientFault>())
        {
            var expected = fault.ToString().EndsWith("Timeout", StringComparison.Ordinal) ? 504 : fault == ClientFault.PoolExhausted ? 503 : 502;
            Assert.Equal(expected, new ClientException(fault, "x").GatewayStatus);
        }
    }

    private static async Task SendAndStayAsync(ServerSide side, string wire)
    {
        await side.ReadHeadAsync();
        await side.SendAsync(wire);
        await side.ReadToEndAsync();
    }
}
