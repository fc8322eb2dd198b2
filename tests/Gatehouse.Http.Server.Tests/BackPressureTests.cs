using Gatehouse.Http.Server.Tests.Support;

namespace Gatehouse.Http.Server.Tests;

/// <summary>Nobody is faster than the client: writes end when the transport has taken them, and reads take from it only what is asked for.</summary>
public sealed class BackPressureTests
{
    private const int Part = 100_000;

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void A_write_ends_when_the_client_has_taken_it(string wire)
    {
        var written = 0;
        var part = ExchangeExtensions.Pattern(Part);
        using var server = new TestServer(wire, async exchange =>
        {
            for (var i = 0; i < 300; i++)
            {
                await exchange.WriteAsync(part);
                Interlocked.Increment(ref written);
            }
        });
        var client = server.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Thread.Sleep(200);
        // What the kernel holds for a client that does not read is some megabytes at most.
        Assert.True(Volatile.Read(ref written) < 150, $"{written} parts of {Part} bytes were taken for a client that does not read.");
        for (var i = 0; i < 2; i++)
        {
            var body = client.ReadResponse().Body;
            Assert.Equal(300 * Part, body.Length);
            for (var at = 0; at < body.Length; at += Part)
                Assert.True(body.AsSpan(at, Part).SequenceEqual(part), $"The part at {at} differs.");
        }
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void The_body_of_a_request_waits_for_its_reader(string wire)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new TestServer(wire, async exchange =>
        {
            await go.Task;
            var buffer = new byte[8192];
            long sum = 0;
            int count;
            while ((count = await exchange.ReadAsync(buffer)) > 0)
                sum += count;
            await exchange.SendText($"{sum}");
        });
        var client = server.Connect();
        const int length = 25_000_000;
        client.Send($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n");
        var sent = 0;
        var sending = Task.Run(
            () =>
            {
                var part = new byte[50_000];
                while (sent < length)
                {
                    client.Send(part);
                    Interlocked.Add(ref sent, part.Length);
                }
            },
            TestContext.Current.CancellationToken);
        Thread.Sleep(200);
        Assert.True(Volatile.Read(ref sent) < length / 2, $"{sent} bytes were taken before anybody read.");
        go.SetResult();
        Eventually.Ends(sending);
        Assert.Equal($"{length}", client.ReadResponse().Text);
    }

    [Theory, MemberData(nameof(Wires.Fast), MemberType = typeof(Wires))]
    public void Small_answers_to_a_client_that_does_not_read_stop_its_requests(string wire)
    {
        var answered = 0;
        var text = new string('x', 4000);
        using var server = new TestServer(wire, exchange =>
        {
            Interlocked.Increment(ref answered);
            return exchange.SendText(text);
        });
        var client = server.Connect();
        var requests = string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 5000));
        var sending = Task.Run(() => client.Send(requests), TestContext.Current.CancellationToken);
        Thread.Sleep(200);
        Assert.True(Volatile.Read(ref answered) < 4500, $"{answered} answers were made for a client that does not read.");
        for (var i = 0; i < 5000; i++)
            Assert.Equal(4000, client.ReadResponse().Body.Length);
        Eventually.Ends(sending);
        Assert.Equal(5000, answered);
    }
}
