using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Gatehouse.Interop.Tests.Http2;

/// <summary>Reloads and an orderly stop under load of HTTP/2: no request fails.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task Reloads_and_a_stop_fail_no_request()
    {
        using var upstream = ScriptedUpstream.Answering(_ => Answer.Ok("proxied"));
        using var served = Served.Start(Configuration(0));
        var faults = new ConcurrentQueue<string>();
        var count = 0;
        var isStopping = false;
        using var end = new CancellationTokenSource();
        var loads = Enumerable.Range(0, 2).Select(_ => Task.Run(LoadAsync)).ToArray();
        Served.Eventually(() => Volatile.Read(ref count) > 100 || !faults.IsEmpty, "load before reloads");
        for (var i = 1; i <= 20; i++)
            served.Reload(Configuration(i));
        var before = Volatile.Read(ref count);
        Served.Eventually(() => Volatile.Read(ref count) > before + 100 || !faults.IsEmpty, "load behind reloads");
        Volatile.Write(ref isStopping, true);
        served.Process.Stop().Expect();
        await end.CancelAsync();
        await Task.WhenAll(loads).WaitAsync(Served.Patience, TestContext.Current.CancellationToken);
        Assert.True(faults.IsEmpty, $"{faults.Count} of {count}: {string.Join('\n', faults.Take(5))}");

        // Sixteen requests at a time on one connection.
        async Task LoadAsync()
        {
            using var client = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
            await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
            {
                while (!end.IsCancellationRequested)
                {
                    try
                    {
                        var text = await client.GetStringAsync(new Uri(served.Root, i % 2 == 0 ? "body" : "proxied"), CancellationToken.None);
                        if (!text.StartsWith(i % 2 == 0 ? "body " : "proxied", StringComparison.Ordinal))
                            faults.Enqueue(text);
                        Interlocked.Increment(ref count);
                    }
                    catch (HttpRequestException exception) when (Volatile.Read(ref isStopping) && exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
                    {
                        // Nobody listens any more: what was begun before has been answered.
                        return;
                    }
                    catch (Exception exception)
                    {
                        faults.Enqueue($"{exception}");
                        return;
                    }
                }
            }));
        }

        string Configuration(int number) => $$$"""
            sites:
              - routes:
                  - {match: /body, respond: {body: "body {{{number}}}"}}
                  - {match: /proxied, proxy: {to: ["{{{upstream.Address}}}"]}}
            """;
    }
}
