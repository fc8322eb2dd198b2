using System.Buffers.Binary;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Net.Processes;
using Gatehouse.Net.Reactors;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Gateways.Python;

/// <summary>One worker as the pool sees it: its process, the channel that its answers come on, and its words of shared memory. On the pool's reactor.</summary>
internal sealed partial class PythonWorker : ILocalSocketEvents, IProcessEvents
{
    private const int MostOutput = 64 * 1024 * 1024;
    private const int StuckAfter = 5000;

    private readonly PythonPool _pool;
    private readonly LocalSocket _channel;
    private readonly BufferPool _buffers;
    private readonly Queue<ReadOnlyMemory<byte>> _output = new();
    private readonly int[] _seen;
    private readonly long[] _since;
    private readonly int[] _overdue;
    private WatchedProcess? _process;
    private SafeFileHandle? _passed;
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private int _outputBytes;

    // Bytes of the first frame that are sent.
    private int _outputSent;

    /// <summary>Makes the front's half of a worker that <paramref name="template"/> is to fork.</summary>
    public PythonWorker(PythonPool pool, PythonTemplate template, int slot, out SafeFileHandle channel, out SafeFileHandle output)
    {
        _pool = pool;
        Template = template;
        Slot = slot;
        StartedAt = pool.Reactor.Now;
        _buffers = pool.Reactor.Buffers;
        _seen = new int[pool.Settings.Threads];
        _since = new long[pool.Settings.Threads];
        _overdue = new int[pool.Settings.Threads];
        _channel = LocalSocket.OpenStream(pool.Reactor, out channel);
        _channel.Events = this;
        _channel.Watch();
        Output = ProcessOutput.Open(pool.Reactor, pool.Name, pool.Log, out output);
        for (var i = 0; i < pool.Settings.WordsPerWorker; i++)
            template.Words[Word(i)] = 0;
    }

    /// <summary>The template that it was forked from.</summary>
    public PythonTemplate Template { get; }

    /// <summary>Its place in the shared memory.</summary>
    public int Slot { get; }

    /// <summary>Its pid; 0 until the template has told.</summary>
    public int ProcessId { get; private set; }

    /// <summary>What it is doing.</summary>
    public WorkerState State { get; set; }

    /// <summary>When it was started.</summary>
    public long StartedAt { get; }

    /// <summary>When it was last told to leave; 0 when it was not.</summary>
    public long LeavesSince { get; private set; }

    /// <summary>Requests answered.</summary>
    public long Requests { get; private set; }

    /// <summary>True when this side has ended it by force.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>True while it has to wait for a slow client.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Its standard output and error.</summary>
    public ProcessOutput Output { get; }

    /// <summary>The template has forked it: from now on it is held by a descriptor. False when it is gone already.</summary>
    public bool OnForked(int process)
    {
        ProcessId = process;
        Output.ProcessId = process;
        _process = WatchedProcess.Watch(_pool.Reactor, process, this);
        return _process is not null;
    }

    /// <summary>The number of the request in a place; 0 when there is none.</summary>
    public int Mark(int place) => (int)Template.Words[Word(1 + (2 * place))];

    /// <summary>Whether it runs <paramref name="id"/>.</summary>
    public bool Runs(int id)
    {
        for (var i = 0; i < _seen.Length; i++)
        {
            if (Mark(i) == id)
                return true;
        }
        return false;
    }

    /// <summary>When the request that a place holds was first seen there.</summary>
    public long Since(int place, int id, long now)
    {
        if (_seen[place] != id)
            (_seen[place], _since[place]) = (id, now);
        return _since[place];
    }

    /// <summary>Tells the worker that the answer to <paramref name="id"/> is in vain.</summary>
    public void Cancel(int id)
    {
        for (var i = 0; i < _seen.Length; i++)
        {
            if (Mark(i) == id)
                Template.Words[Word(2 + (2 * i))] = (uint)id;
        }
        if (_pool.Settings.IsAsync)
            Send(id, AnswerKind.Cancel, default, default);
    }

    /// <summary>Has the task of a request cancelled whose time is up; a worker whose event loop does not even do that is stuck, and killed by the scan.</summary>
    public void CancelOverdue(int place, int id, long now)
    {
        _overdue[place] = id;
        _since[place] = now;
        Send(id, AnswerKind.Abort, default, default);
    }

    /// <summary>True when a place still holds a request that was cancelled a while ago.</summary>
    public bool IsStuck(int place, int id, long now) => id != 0 && _overdue[place] == id && now - _since[place] > StuckAfter;

    /// <summary>Has it end after its request.</summary>
    public void Leave(long now)
    {
        Template.Words[Word(0)] = 1;
        MarkLeaving(now);
    }

    /// <summary>Notes that it will end by itself.</summary>
    public void MarkLeaving(long now)
    {
        State = WorkerState.Leaving;
        if (LeavesSince == 0)
            LeavesSince = now;
    }

    /// <summary>Asks it and what it has started to end.</summary>
    public void Terminate() => SignalGroup(Signals.Terminate);

    /// <summary>Ends it and what it has started.</summary>
    public void Kill()
    {
        IsKilled = true;
        SignalGroup(Signals.Kill);
    }

    /// <summary>Lets answers come again.</summary>
    public void Resume()
    {
        if (!IsPaused)
            return;
        IsPaused = false;
        OnReceivable();
    }

    /// <summary>Sends a frame to the worker.</summary>
    public void Send(int id, AnswerKind kind, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body, SafeFileHandle? file = null)
    {
        Span<byte> frame = stackalloc byte[WorkerFrame.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, id);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], (int)kind);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], head.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], body.Length);
        if (file is not null)
        {
            _ = _channel.Send(frame, default, file);
            return;
        }
        var whole = new byte[WorkerFrame.Length + head.Length + body.Length];
        frame.CopyTo(whole);
        head.CopyTo(whole.AsMemory(WorkerFrame.Length));
        body.CopyTo(whole.AsMemory(WorkerFrame.Length + head.Length));
        _output.Enqueue(whole);
        _outputBytes += whole.Length;
        OnSendable();
        if (_outputBytes > MostOutput)
            Fault($"does not read what it is sent ({_outputBytes} bytes wait)");
    }

    /// <summary>Hands the receive buffer to who still needs what is in it; the rest is moved to another.</summary>
    public byte[] GiveBuffer()
    {
        var given = _buffer!;
        if (_start == _end)
        {
            _buffer = null;
            _start = _end = 0;
            return given;
        }
        _buffer = _buffers.RentLarge();
        given.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        return given;
    }

    /// <inheritdoc/>
    public void OnReceivable()
    {
        while (!IsPaused && State != WorkerState.Gone)
        {
            _buffer ??= _buffers.RentLarge();
            var result = _channel.ReceiveSome(_buffer.AsSpan(_end), out var passed);
            if (passed is not null)
            {
                _passed?.Dispose();
                _passed = passed;
            }
            if (result.IsWouldBlock)
                break;
            if (!result.IsDone)
            {
                // Its process may live on, without a way to answer. One that leaves has said so, and may take its time.
                if (State != WorkerState.Leaving)
                    SignalGroup(Signals.Kill);
                break;
            }
            _end += result.Count;
            if (!Parse())
                break;
            Compact();
        }
        if (_buffer is not null && _start == _end)
        {
            _buffers.Return(_buffer);
            _buffer = null;
            _start = _end = 0;
        }
    }

    /// <inheritdoc/>
    public void OnSendable()
    {
        while (_output.TryPeek(out var next))
        {
            var result = _channel.Send(next.Span[_outputSent..]);
            if (!result.IsDone)
            {
                if (result.IsFailure)
                {
                    _output.Clear();
                    _outputSent = 0;
                }
                return;
            }
            _outputBytes -= result.Count;
            _outputSent += result.Count;
            if (_outputSent < next.Length)
                return;
            _output.Dequeue();
            _outputSent = 0;
        }
    }

    /// <inheritdoc/>
    public void OnExited(WatchedProcess process, ExitStatus status)
    {
        if (State == WorkerState.Gone)
            return;
        // What it has sent before it died counts.
        IsPaused = false;
        OnReceivable();
        End();
    }

    /// <summary>It is gone: frees what it had, and has the pool settle what it ran.</summary>
    public void End()
    {
        if (State == WorkerState.Gone)
            return;
        State = WorkerState.Gone;
        // What it has started goes with it; the template holds its number until it has been waited for.
        if (_process is not null)
            SignalGroup(Signals.Kill);
        _process?.Dispose();
        Output.Finish();
        _channel.Dispose();
        _passed?.Dispose();
        if (_buffer is not null)
            _buffers.Return(_buffer);
        _buffer = null;
        _pool.OnWorkerGone(this);
    }

    private int Word(int index) => (Slot * _pool.Settings.WordsPerWorker) + index;

    private void SignalGroup(int signal)
    {
        _process?.Signal(signal);
        // The template waits for it only when told to, after its end was seen here: until then the number is its own.
        if (ProcessId > 1)
            Signals.SendToGroup(ProcessId, signal);
    }

    private void Compact()
    {
        if (_buffer is null || _start == 0)
            return;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
    }

    private bool Fault(string what)
    {
        _pool.Log.Warn($"{_pool.Name}: worker {ProcessId} {what}; it is killed");
        Kill();
        _start = _end = 0;
        IsPaused = true;
        return false;
    }
}
