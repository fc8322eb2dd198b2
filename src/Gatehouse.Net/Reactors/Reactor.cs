namespace Gatehouse.Net.Reactors;

/// <summary>
/// One thread with one epoll set, one timer wheel and its own buffers. What is registered here is called on this thread and on no other, one at a time,
/// so nothing on the request path takes a lock. Other threads reach it by <see cref="Post(IReactorWork)"/> only.
/// </summary>
public sealed class Reactor : IDisposable
{
    [ThreadStatic]
    private static Reactor? _current;

    /// <summary>Makes a reactor; <see cref="Start"/> runs it.</summary>
    /// <param name="index">Its place among its siblings, from 0.</param>
    public Reactor(int index)
    {
        Index = index;
        Buffers = new BufferPool();
    }

    /// <summary>The reactor whose thread this is, or null.</summary>
    public static Reactor? Current => _current;

    /// <summary>Its place among its siblings, from 0.</summary>
    public int Index { get; }

    /// <summary>True on the reactor's own thread.</summary>
    public bool IsCurrent => ReferenceEquals(_current, this);

    /// <summary>Milliseconds of a monotonic clock, read once a turn.</summary>
    public long Now { get; private set; }

    /// <summary>The buffers of this reactor; to be used on its thread only.</summary>
    public BufferPool Buffers { get; }

    /// <summary>Starts the thread.</summary>
    public void Start() => _current = this;

    /// <summary>Asks the thread to end after this turn and waits for it. Transports that are still open are closed.</summary>
    public void Dispose() => throw new NotImplementedException();

    /// <summary>Has <paramref name="work"/> run on the reactor's thread in its next turn. From any thread; never runs inline.</summary>
    public void Post(IReactorWork work) => throw new NotImplementedException();

    /// <summary>Has <paramref name="callback"/> run on the reactor's thread in its next turn. Allocates; for what is not on the request path.</summary>
    public void Post(Action<object?> callback, object? state) => throw new NotImplementedException();

    /// <summary>Has <paramref name="work"/> run at the end of this turn, after all events. On the reactor's thread only.</summary>
    public void Defer(IReactorWork work) => throw new NotImplementedException();
}
