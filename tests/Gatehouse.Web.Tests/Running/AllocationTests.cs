using System.Text;
using Gatehouse.Http.Server;

namespace Gatehouse.Web.Tests.Running;

/// <summary>What a request allocates in the steady state, by the collector's own counter: of the whole process, so nothing else may run meanwhile.</summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTests
{
    // Other things of the process allocate now and then: one batch that nothing else falls into tells.
    private const int Requests = 20;
    private const int Batches = 60;

    // Less than half of the smallest object for each request: what the client costs differs a little from batch to batch, with how many of its reads wait.
    private const int Less = 12;

    [Fact]
    public async Task Plaintext_allocates_nothing_and_json_one_object_besides_the_handlers()
    {
        // The test's own client allocates too: what a bare handler of the engine costs with it is taken off.
        var engine = await MeasureAsync("/engine");
        var inline = await MeasureAsync("/plaintext") - engine;
        var pool = await MeasureAsync("/pool") - engine;
        var json = await MeasureAsync("/json") - engine;
        Assert.True(inline < Less, $"{inline:0.00} bytes for an inline request");
        Assert.True(pool < Less, $"{pool:0.00} bytes for a request on the pool");
        // The handler's own object has 24 bytes, the one besides 32.
        Assert.True(json < 24 + 32 + Less, $"{json:0.00} bytes for a request of JSON");
    }

    private static async Task<double> MeasureAsync(string path)
    {
        var app = new App("--reactors", "1");
        app.Get("/plaintext", () => "Hello, World!").Inline();
        app.Get("/pool", () => "Hello, World!");
        app.Get("/json", () => new Message("Hello, World!")).Inline();
        await using var served = app;
        await using var service = path == "/engine" ? new HttpService(new Raw(), new HttpServiceOptions { Reactors = 1 }) : app.Prepare();
        await using var stream = await service.ConnectAsync();
        var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var buffer = new byte[4096];
        for (var i = 0; i < 200; i++)
            await AskAsync(stream, request, buffer);
        var best = double.MaxValue;
        for (var round = 0; round < Batches; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Requests; i++)
                await AskAsync(stream, request, buffer);
            best = Math.Min(best, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests);
        }
        return best;
    }

    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(Http.Tasks.PooledValueTaskMethodBuilder))]
    private static async ValueTask AskAsync(Stream stream, byte[] request, byte[] buffer)
    {
        await stream.WriteAsync(request);
        var used = 0;
        do
            used += await stream.ReadAsync(buffer.AsMemory(used));
        while (!IsWhole(buffer.AsSpan(0, used)));
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var length = answer.IndexOf("Content-Length: "u8);
        var digits = answer[(length + 16)..];
        return System.Buffers.Text.Utf8Parser.TryParse(digits, out int count, out _) && answer.Length >= end + 4 + count;
    }

    private static readonly byte[] Body = [65, 66];

    private sealed class Raw : Http.IHandler
    {
        public ValueTask HandleAsync(Http.Exchange exchange) => exchange.SendAsync(Body);
    }

    public sealed record Message(string Text);
}
