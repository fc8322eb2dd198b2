namespace Gatehouse.Net.Reactors;

/// <summary>The reactors of a program, as a rule one for each core, started and ended together.</summary>
public sealed class ReactorGroup : IDisposable
{
    private static readonly Lazy<ReactorGroup> SharedGroup = new(() => StartNew(Environment.ProcessorCount));
    private readonly Reactor[] _reactors;
    private int _next = -1;

    /// <summary>Makes <paramref name="count"/> reactors; <see cref="Start"/> runs them.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not 1 to 1024.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The process has no file descriptors left.</exception>
    public ReactorGroup(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1024);
        _reactors = new Reactor[count];
        for (var i = 0; i < count; i++)
            _reactors[i] = new Reactor(i) { CallbackFailed = OnCallbackFailed };
    }

    /// <summary>One running reactor for each core, made at the first use, for programs that need no group of their own. It is never disposed of.</summary>
    public static ReactorGroup Shared => SharedGroup.Value;

    /// <summary>The reactors, in the order of <see cref="Reactor.Index"/>.</summary>
    public IReadOnlyList<Reactor> Reactors => _reactors;

    /// <summary>Told of each exception that a callback of any reactor let escape, on that reactor's thread. Without it they are only counted.</summary>
    public Action<Reactor, Exception>? CallbackFailed { get; set; }

    /// <summary>Makes and starts a group.</summary>
    public static ReactorGroup StartNew(int count)
    {
        var group = new ReactorGroup(count);
        group.Start();
        return group;
    }

    /// <summary>Starts all threads.</summary>
    public void Start()
    {
        foreach (var reactor in _reactors)
            reactor.Start();
    }

    /// <summary>The reactor whose thread this is when it is one of the group, else each in turn. From any thread.</summary>
    public Reactor Pick()
    {
        var current = Reactor.Current;
        if (current is not null && current.Index < _reactors.Length && ReferenceEquals(_reactors[current.Index], current))
            return current;
        return _reactors[(uint)Interlocked.Increment(ref _next) % (uint)_reactors.Length];
    }

    /// <summary>Ends all reactors and waits for them.</summary>
    public void Dispose()
    {
        foreach (var reactor in _reactors)
            reactor.Dispose();
    }

    private void OnCallbackFailed(Reactor reactor, Exception exception) => CallbackFailed?.Invoke(reactor, exception);
}
