using System.Diagnostics;
using Gatehouse.Http;
using Gatehouse.Http.Server;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Load.Tests.Support;

/// <summary>A server that answers at once, but for one stall of a known length: when a certain request comes, nothing is answered for so long.</summary>
internal sealed class LoadedServer : IDisposable
{
    private readonly ReactorGroup _group = new(1);
    private readonly Listener _listener;

    public LoadedServer(long stallAt = -1, TimeSpan stall = default, int status = 200)
    {
        _group.Start();
        Handler = new StallingHandler(stallAt, stall, status);
        _listener = Listener.Start(_group.Reactors, new Endpoint(IpAddress.FromV4(0x7F000001), 0), new HttpServer(_group.Reactors, Handler));
    }

    public StallingHandler Handler { get; }

    public Endpoint Endpoint => _listener.Endpoint;

    public LoadPlan Plan(string method = "GET", byte[]? body = null) =>
        LoadTarget.PlanAsync($"http://127.0.0.1:{Endpoint.Port}/x?y", method, ["X-Test: 1"], body, false, CancellationToken.None).GetAwaiter().GetResult();

    public void Dispose()
    {
        _listener.Dispose();
        _group.Dispose();
    }

    internal sealed class StallingHandler(long stallAt, TimeSpan stall, int status) : IHandler
    {
        private static readonly byte[] Body = "hello"u8.ToArray();
        private long _count;

        public long Count => Interlocked.Read(ref _count);

        /// <summary>How long the stall was in truth, seconds.</summary>
        public double Stalled { get; private set; }

        public string? Request { get; private set; }

        public ValueTask HandleAsync(Exchange exchange)
        {
            var count = Interlocked.Increment(ref _count);
            if (count == 1)
                Request = System.Text.Encoding.ASCII.GetString(exchange.Request.MethodName) + " " + System.Text.Encoding.ASCII.GetString(exchange.Request.Target);
            if (count == stallAt)
            {
                // Blocks the server's only thread: what comes meanwhile waits.
                var started = Stopwatch.GetTimestamp();
                Thread.Sleep(stall);
                Stalled = Stopwatch.GetElapsedTime(started).TotalSeconds;
            }
            exchange.Response.Status = status;
            return exchange.SendAsync(Body);
        }
    }
}
