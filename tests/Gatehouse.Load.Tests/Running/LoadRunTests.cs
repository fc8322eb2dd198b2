using System.Net;
using System.Net.Sockets;
using Gatehouse.Load.Results;
using Gatehouse.Load.Running;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Load.Tests.Running;

public sealed class LoadRunTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 3, 2)]
    [InlineData(1000, 16, 2)]
    public async Task As_many_requests_as_were_asked_for(long requests, int connections, int threads)
    {
        using var server = new LoadedServer();
        var result = await LoadRun.RunAsync(server.Plan() with { Requests = requests, Connections = connections, Threads = threads });
        Assert.Equal((requests, requests, 0L), (result.Requests, server.Handler.Count, result.Failures));
        Assert.Equal(5 * requests, result.Bytes);
        Assert.Equal(requests, result.Statuses[1]);
        Assert.Equal(requests, result.Series.Sum(second => second.Requests));
        Assert.Equal("GET /x?y", server.Handler.Request);
        Assert.True(result.Latency.Min > 0 && result.Latency.Min <= result.Latency.At(50) && result.Latency.At(50) <= result.Latency.Max);
    }

    [Fact]
    public async Task A_body_is_sent_and_statuses_are_counted()
    {
        using var server = new LoadedServer(status: 404);
        var result = await LoadRun.RunAsync(server.Plan("POST", new byte[10_000]) with { Requests = 20, Connections = 2 });
        Assert.Equal((20L, 20L), (result.Requests, result.Statuses[3]));
        Assert.Contains(result.Warnings, warning => warning.Contains("400 or more", StringComparison.Ordinal));
        Assert.Equal("POST /x?y", server.Handler.Request);
    }

    [Fact]
    public async Task Time_ends_a_run_and_a_token_does()
    {
        using var server = new LoadedServer();
        var result = await LoadRun.RunAsync(server.Plan() with { Duration = TimeSpan.FromSeconds(0.3), Connections = 4 });
        Assert.True(result.Requests > 0);
        Assert.True(result.Seconds >= 0.3);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(0.2));
        Assert.True((await LoadRun.RunAsync(server.Plan() with { Duration = TimeSpan.FromMinutes(5), Connections = 4 }, null, stop.Token)).Seconds < 60);
    }

    [Fact]
    public async Task A_rate_is_no_more_than_was_asked_for()
    {
        using var server = new LoadedServer();
        var result = await LoadRun.RunAsync(server.Plan() with { Rate = 100, Duration = TimeSpan.FromSeconds(1), Connections = 5, Threads = 2 });
        Assert.InRange(result.Requests + result.Failures, 90, 115);
    }

    [Fact]
    public async Task Failures_are_told_by_kind()
    {
        var refused = new Endpoint(IpAddress.FromV4(0x7F000001), (ushort)Gatehouse.Testing.FreePort.Tcp());
        using var server = new LoadedServer();
        var plan = server.Plan() with { Connections = 2, Requests = 4 };
        Assert.Equal(4, (await LoadRun.RunAsync(plan with { Target = refused })).Errors[LoadFault.Connect]);
        using var broken = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"u8.ToArray());
        Assert.Equal(4, (await LoadRun.RunAsync(plan with { Target = broken.Endpoint })).Errors[LoadFault.Broken]);
        using var malformed = new RawServer("what?\r\n\r\n"u8.ToArray());
        Assert.Equal(4, (await LoadRun.RunAsync(plan with { Target = malformed.Endpoint })).Errors[LoadFault.Malformed]);
        using var silent = new RawServer([]) { IsSilent = true };
        Assert.Equal(4, (await LoadRun.RunAsync(plan with { Target = silent.Endpoint, Patience = TimeSpan.FromMilliseconds(100) })).Errors[LoadFault.Timeout]);
        // Answers without a length end with the connection, and the next request has a new one.
        using var closing = new RawServer("HTTP/1.1 200 OK\r\n\r\nuntil the end"u8.ToArray());
        Assert.Equal((4L, 0L), ((await LoadRun.RunAsync(plan with { Target = closing.Endpoint })) is var result ? result.Requests : 0, 0L));
    }

    /// <summary>Answers each connection with the same bytes, and ends it.</summary>
    private sealed class RawServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly byte[] _answer;

        public RawServer(byte[] answer)
        {
            _answer = answer;
            _listener.Start();
            _ = ServeAsync();
        }

        public bool IsSilent { get; init; }

        public Endpoint Endpoint => new(IpAddress.FromV4(0x7F000001), (ushort)((IPEndPoint)_listener.LocalEndpoint).Port);

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            var held = new List<Socket>();
            try
            {
                while (true)
                {
                    var socket = await _listener.AcceptSocketAsync();
                    held.Add(socket);
                    if (IsSilent)
                        continue;
                    await socket.ReceiveAsync(new byte[4096]);
                    await socket.SendAsync(_answer);
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The test is over.
                held.ForEach(socket => socket.Dispose());
            }
        }
    }
}
