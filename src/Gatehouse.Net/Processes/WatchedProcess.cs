using Gatehouse.Net.Interop;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Net.Processes;

/// <summary>
/// A process held by its pidfd: watched on a reactor, and signalled without ever reaching another that got its number. <see cref="Start"/> makes a child;
/// <see cref="Watch"/> takes one that somebody else has started.
/// </summary>
public sealed class WatchedProcess : IReactorSource, IReactorWork, IDisposable
{
    private readonly Reactor _reactor;
    private readonly IProcessEvents _events;
    private readonly int _descriptor;
    private readonly bool _isChild;
    private ulong _data;
    private bool _isWatched;
    private int _state;

    private WatchedProcess(Reactor reactor, int id, int descriptor, bool isChild, IProcessEvents events)
    {
        _reactor = reactor;
        _events = events;
        _descriptor = descriptor;
        _isChild = isChild;
        Id = id;
    }

    /// <summary>The process's id, which is the id of its group too when <see cref="Start"/> made it.</summary>
    public int Id { get; }

    /// <summary>True once its end was reported, or it was let go.</summary>
    public bool HasEnded => Volatile.Read(ref _state) != 0;

    /// <summary>
    /// Whether what a child has started and left in its group is killed when the child has ended: a program that puts itself into the background leaves its
    /// real self there.
    /// </summary>
    public bool EndsGroup { get; set; }

    object? IReactorSource.Owner => _events;

    /// <summary>
    /// Starts a process. From any thread; a process that asks for a signal at the end of its parent (PR_SET_PDEATHSIG) gets it when the calling thread ends.
    /// It blocks for as long as execve(2) takes, mostly under a millisecond.
    /// </summary>
    /// <param name="reactor">Where its end is told.</param>
    /// <param name="start">What it is started with.</param>
    /// <param name="events">Who is told of its end.</param>
    /// <exception cref="IOException">The program cannot be started; the message says why.</exception>
    public static WatchedProcess Start(Reactor reactor, ProcessStart start, IProcessEvents events)
    {
        ArgumentNullException.ThrowIfNull(reactor);
        ArgumentNullException.ThrowIfNull(start);
        using var nothing = start.Descriptors.Contains(null) ? ProcessStart.OpenNull() : null;
        Span<int> descriptors = stackalloc int[start.Descriptors.Count];
        for (var i = 0; i < descriptors.Length; i++)
            descriptors[i] = (int)(start.Descriptors[i] ?? nothing!).DangerousGetHandle();
        var id = ProcessCalls.Spawn(start.Program, start.Arguments, start.Environment, start.Folder, descriptors);
        GC.KeepAlive(start);
        if (id < 0)
            throw new IOException($"'{start.Program}' cannot be started{(start.Folder is null ? "" : $" in {start.Folder}")}: {Errno.Describe(-id)}");
        var descriptor = ProcessCalls.OpenPid(id);
        if (descriptor < 0)
        {
            // Nobody has waited for it, so the number is still its own.
            _ = ProcessCalls.SignalGroup(id, Signals.Kill);
            throw new IOException($"'{start.Program}' cannot be watched: {Errno.Describe(-descriptor)}");
        }

        return Register(new WatchedProcess(reactor, id, descriptor, isChild: true, events));
    }

    /// <summary>Watches a process that is not a child of this one. The caller knows that the number is still the process's own.</summary>
    /// <returns>Null when there is none of that number any more.</returns>
    public static WatchedProcess? Watch(Reactor reactor, int id, IProcessEvents events)
    {
        ArgumentNullException.ThrowIfNull(reactor);
        var descriptor = ProcessCalls.OpenPid(id);
        return descriptor < 0 ? null : Register(new WatchedProcess(reactor, id, descriptor, isChild: false, events));
    }

    /// <summary>Sends a signal to it. From any thread; nothing happens once it has ended.</summary>
    public void Signal(int signal)
    {
        if (!HasEnded)
            _ = ProcessCalls.Signal(_descriptor, signal);
    }

    /// <summary>Sends a signal to its process group, itself included: to all that it has started, unless they left the group. From any thread.</summary>
    public void SignalGroup(int signal)
    {
        // As long as it was not waited for, the number of the group cannot be given out again.
        if (!HasEnded)
            _ = ProcessCalls.SignalGroup(Id, signal);
    }

    /// <summary>Lets it go: nothing is told any more, and a child that still runs is waited for by nobody. On its reactor.</summary>
    public void Dispose() => Finish();

    void IReactorWork.Run() => BeginWatch();

    void IReactorSource.OnEvents(uint events)
    {
        ExitStatus status = default;

        // Not waited for yet, so that the number of its group is still its own.
        if (_isChild && EndsGroup)
            _ = ProcessCalls.SignalGroup(Id, Signals.Kill);
        if (_isChild && !ProcessCalls.TryReap(_descriptor, out status))
            return;
        if (Finish())
            _events.OnExited(this, status);
    }

    void IReactorSource.OnReactorEnded() => Finish();

    private static WatchedProcess Register(WatchedProcess process)
    {
        if (process._reactor.IsCurrent)
            process.BeginWatch();
        else if (!process._reactor.TryPost(process))
            process.Finish();
        return process;
    }

    private void BeginWatch()
    {
        if (HasEnded)
            return;
        _data = _reactor.AddSource(this);
        _isWatched = true;
        _ = _reactor.Watch(_descriptor, EpollSet.Readable, _data);
    }

    private bool Finish()
    {
        if (Interlocked.Exchange(ref _state, 1) != 0)
            return false;
        if (_isWatched)
            _reactor.RemoveSource(_data);
        SocketCalls.Close(_descriptor);
        return true;
    }
}
