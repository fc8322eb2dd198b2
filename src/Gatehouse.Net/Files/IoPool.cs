using Gatehouse.Net.Reactors;

namespace Gatehouse.Net.Files;

/// <summary>
/// A few threads for what blocks (cold reads, opens, metadata), so that a slow disk holds no reactor, with a bounded queue, so that it does not fill
/// the memory either. Thread-safe.
/// </summary>
public sealed class IoPool : IDisposable
{
    private static readonly Lazy<IoPool> SharedPool = new(() => new IoPool());
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _available = new(0);
    private readonly Queue<IoWork> _queue;
    private readonly Thread[] _threads;
    private readonly int _limit;
    private bool _closed;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">How many; each holds one disk operation at a time. 4 keep an SSD busy.</param>
    /// <param name="limit">The most work that waits.</param>
    public IoPool(int threads = 4, int limit = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _limit = limit;
        _queue = new Queue<IoWork>(limit);
        _threads = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Loop) { Name = $"io-{i}", IsBackground = true };
            _threads[i].Start();
        }
    }

    /// <summary>A pool for programs that need none of their own, made at the first use. It is never disposed of.</summary>
    public static IoPool Shared => SharedPool.Value;

    /// <summary>Work that waits for a thread.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _queue.Count;
        }
    }

    /// <summary>
    /// Queues <paramref name="work"/>, which completes on <paramref name="reactor"/>. False when the queue is full or the pool was disposed of.
    /// </summary>
    public bool TryRun(IoWork work, Reactor reactor)
    {
        lock (_lock)
        {
            if (_closed || _queue.Count >= _limit)
                return false;
            work.Reactor = reactor;
            _queue.Enqueue(work);
        }

        _available.Release();
        return true;
    }

    /// <summary>Finishes what is queued and ends the threads.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_closed)
                return;
            _closed = true;
        }

        _available.Release(_threads.Length);
        foreach (var thread in _threads)
            thread.Join();
        _available.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            _available.Wait();
            IoWork? work;
            lock (_lock)
            {
                if (!_queue.TryDequeue(out work))
                    return;
            }

            work.ExecuteAndPost();
        }
    }
}
