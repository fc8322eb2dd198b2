using Gatehouse.Http;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Gateways.Run;

/// <summary>Forwards requests to the instances of a program, and has them wait while it starts.</summary>
internal sealed class RunHandler(RunPool pool, IHandler proxy) : IHandler
{
    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange) => pool.IsReady ? proxy.HandleAsync(exchange) : WaitAsync(exchange);

    private async ValueTask WaitAsync(Exchange exchange)
    {
        var wait = new Waiter(Reactor.Current!);
        exchange.AbortObserver = wait;
        pool.Tell(wait);
        var isReady = await wait.Task;
        exchange.AbortObserver = null;
        if (isReady && !exchange.IsAborted)
        {
            await proxy.HandleAsync(exchange);
            return;
        }
        exchange.Notes.Failure = "the program does not accept connections";
        exchange.Response.Status = 503;
    }

    /// <summary>A request that waits; it is told on its own reactor.</summary>
    internal sealed class Waiter(Reactor reactor) : IReactorWork, IAbortObserver
    {
        private readonly ReactorWait<bool> _wait = Begun();
        private volatile bool _isReady;

        /// <summary>True when the program is ready, false when it will not be.</summary>
        public ValueTask<bool> Task => _wait.Task;

        /// <summary>Wakes it. From any thread.</summary>
        public void Set(bool isReady)
        {
            _isReady = isReady;
            reactor.TryPost(this);
        }

        public void Run() => _wait.SetResult(_isReady);

        public void OnClientAborted() => _wait.SetResult(false);

        private static ReactorWait<bool> Begun()
        {
            var wait = new ReactorWait<bool>();
            wait.Begin(resumeInline: true);
            return wait;
        }
    }
}
