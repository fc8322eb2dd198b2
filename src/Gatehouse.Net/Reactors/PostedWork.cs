namespace Gatehouse.Net.Reactors;

/// <summary>
/// Work that comes to a reactor from any thread. Many posts cost one wake-up: only the one that finds the reactor asleep writes to the eventfd, and a
/// reactor that is busy anyway is not written to at all.
/// </summary>
internal sealed class PostedWork
{
    // What one turn runs; the rest waits for the next, so that a flood of posts does not keep events waiting.
    private const int PerTurn = 256;
    private readonly Lock _lock = new();
    private readonly WorkRing _ring = new();
    private readonly IReactorWork?[] _batch = new IReactorWork?[PerTurn];
    private readonly Action _wake;
    private int _sleeping;
    private bool _closed;

    internal PostedWork(Action wake) => _wake = wake;

    /// <summary>True when nothing waits for the next turn. A hint, for the reactor's thread.</summary>
    internal bool IsEmpty => _ring.Count == 0;

    /// <summary>Adds work and wakes the reactor when it sleeps. False when the reactor has ended.</summary>
    internal bool TryAdd(IReactorWork work)
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            _ring.Enqueue(work);

            // Inside the lock, so that the eventfd cannot be closed, and its number be another file, between the test and the write.
            if (Interlocked.Exchange(ref _sleeping, 0) == 1)
                _wake();
        }

        return true;
    }

    /// <summary>Wakes the reactor when it sleeps.</summary>
    internal void Wake()
    {
        lock (_lock)
        {
            if (!_closed && Interlocked.Exchange(ref _sleeping, 0) == 1)
                _wake();
        }
    }

    /// <summary>Announces a wait. False when work came meanwhile, and then the wait must not block.</summary>
    internal bool TrySleep()
    {
        // A full fence between the announcement and the look: who adds does the two in the other order.
        Interlocked.Exchange(ref _sleeping, 1);
        if (IsEmpty)
            return true;
        Volatile.Write(ref _sleeping, 0);
        return false;
    }

    /// <summary>The wait is over.</summary>
    internal void Awake() => Volatile.Write(ref _sleeping, 0);

    /// <summary>Takes the work of one turn; each is given once by <see cref="Batched"/>.</summary>
    internal int TakeBatch()
    {
        lock (_lock)
        {
            var count = Math.Min(_ring.Count, PerTurn);
            for (var i = 0; i < count; i++)
                _batch[i] = _ring.Dequeue();
            return count;
        }
    }

    /// <summary>The work at <paramref name="index"/> of the batch.</summary>
    internal IReactorWork Batched(int index)
    {
        var work = _batch[index]!;
        _batch[index] = null;
        return work;
    }

    /// <summary>Refuses further work. False while some is left.</summary>
    internal bool TryClose()
    {
        lock (_lock)
            return _closed = _ring.Count == 0;
    }

    /// <summary>Refuses further work; what is left never runs.</summary>
    internal void Close()
    {
        lock (_lock)
            _closed = true;
    }
}
