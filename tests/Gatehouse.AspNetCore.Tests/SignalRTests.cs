using Gatehouse.AspNetCore.Tests.Applications;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.AspNetCore.Tests;

/// <summary>SignalR with its own client, over each of its transports.</summary>
public sealed class SignalRTests
{
    public static TheoryData<ServerKind, HttpTransportType> Ways
    {
        get
        {
            var ways = new TheoryData<ServerKind, HttpTransportType>();
            foreach (var kind in Enum.GetValues<ServerKind>())
            {
                foreach (var transport in new[] { HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling })
                    ways.Add(kind, transport);
            }
            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_hub_is_called_calls_back_and_streams(ServerKind kind, HttpTransportType transport)
    {
        await using var app = await TestApplication.StartAsync(kind, app => app.MapHub<EchoHub>("/echo"), builder => builder.Services.AddSignalR());
        await using var connection = new HubConnectionBuilder().WithUrl(new Uri(app.Address, "/echo"), transport).Build();
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.On<string>("told", told.SetResult);
        await connection.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal("hello", await connection.InvokeAsync<string>("Echo", "hello"));
        var large = new string('x', 20_000);
        Assert.Equal(large, await connection.InvokeAsync<string>("Echo", large));
        await connection.InvokeAsync("Tell", "everyone");
        Assert.Equal("everyone", await told.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(Enumerable.Range(1, 50), await connection.StreamAsync<int>("Count", 50).ToListAsync());
        await connection.StopAsync(TestContext.Current.CancellationToken);
        Assert.Empty(app.Log.Errors);
    }
}
