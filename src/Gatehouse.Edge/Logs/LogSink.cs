using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Edge.Logs;

/// <summary>
/// One destination of access logs with the one thread that writes to it. Whoever logs takes its thread's buffer by one exchange of a pointer, appends, and puts
/// it back; a full one goes to a bounded queue. No lock, no wait: when the destination is slower than the lines come, lines are dropped, counted, and
/// the log itself says so where they are missing. What is not full is written once a second.
/// </summary>
[SuppressMessage("Usage", "CA2213", Justification = "A late line may still touch the events; the collector ends them.")]
public sealed class LogSink : IDisposable
{
    // 16 threads get a place of their own, two cache lines apart; more share, which the exchange makes safe.
    private const int Slots = 16;
    private const int SlotStride = 16;

    // 12 MB wait for a slow disk; 32 buffers stay for the next burst.
    private const int MaxBuffers = 128;
    private const int KeptBuffers = 32;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LossReportInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly LogBuffer?[] _slots = new LogBuffer?[Slots * SlotStride];
    private readonly ConcurrentQueue<LogBuffer> _full = new();
    private readonly ConcurrentQueue<LogBuffer> _free = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEventSlim _stop = new();
    private readonly ILogDestination _destination;
    private readonly Action<string> _report;
    private readonly Thread _writer;
    private int _buffers;
    private long _dropped;
    private long _lost;
    private bool _isFailing;
    private bool _gaveUp;
    private long _nextLossReport;
    private volatile bool _reopens;

    internal LogSink(string name, ILogDestination destination, Action<string> report)
    {
        Name = name;
        _destination = destination;
        _report = report;
        _writer = new Thread(Run) { IsBackground = true, Name = "log " + name };
        _writer.Start();
    }

    /// <summary>What it writes to, as the configuration names it.</summary>
    public string Name { get; }

    /// <summary>Lines dropped since the start because the destination was too slow or refused them.</summary>
    public long LinesLost => Interlocked.Read(ref _lost);

    /// <summary>Writes what has been logged, then opens the destination anew: its file was moved away (SIGUSR1).</summary>
    public void Reopen()
    {
        _reopens = true;
        _wake.Set();
    }

    /// <summary>Writes what has been logged, for at most five seconds, and ends the thread. Nothing may be logged afterwards.</summary>
    public void Dispose()
    {
        if (_stop.IsSet)
            return;
        _stop.Set();
        _wake.Set();
        // A destination that blocks for ever keeps its thread and its handles; the process ends without it.
        if (!_writer.Join(StopPatience))
        {
            _report($"log {Name}: not all lines were written within {StopPatience.TotalSeconds:0} s");
            return;
        }
        _destination.Dispose();
        if (_gaveUp)
            _report($"log {Name}: ended without its last lines; {LinesLost} were lost in all");
    }

    /// <summary>Logs a line of another kind than an access log's, with its line feed; of at most 16 KB. From any thread.</summary>
    public void Append(ReadOnlySpan<byte> line)
    {
        var buffer = Take(out var index);
        if (buffer is null)
            return;
        buffer.Append(line);
        GiveBack(buffer, index);
    }

    internal void Append(LogFormat format, in LogEntry entry)
    {
        var buffer = Take(out var index);
        if (buffer is null)
            return;
        buffer.Append(format, in entry);
        GiveBack(buffer, index);
    }

    private LogBuffer? Take(out int index)
    {
        index = (Environment.CurrentManagedThreadId & (Slots - 1)) * SlotStride;
        var buffer = Interlocked.Exchange(ref _slots[index], null) ?? Rent();
        if (buffer is not null)
            return buffer;
        Interlocked.Increment(ref _dropped);
        Interlocked.Increment(ref _lost);
        return null;
    }

    private void GiveBack(LogBuffer buffer, int index)
    {
        // Another thread of this place may have put its buffer there meanwhile.
        if (buffer.IsFull || Interlocked.CompareExchange(ref _slots[index], buffer, null) is not null)
        {
            _full.Enqueue(buffer);
            _wake.Set();
        }
    }

    private LogBuffer? Rent()
    {
        if (_free.TryDequeue(out var buffer))
            return buffer;
        if (Interlocked.Increment(ref _buffers) <= MaxBuffers)
            return new LogBuffer();
        Interlocked.Decrement(ref _buffers);
        return null;
    }

    private void Return(LogBuffer buffer)
    {
        buffer.Clear();
        if (_free.Count < KeptBuffers)
            _free.Enqueue(buffer);
        else
            Interlocked.Decrement(ref _buffers);
    }

    private void Run()
    {
        var nextSweep = Environment.TickCount64;
        while (!_stop.IsSet)
        {
            _wake.WaitOne(FlushInterval);
            var reopens = _reopens;
            if (reopens || Environment.TickCount64 >= nextSweep)
            {
                Sweep();
                nextSweep = Environment.TickCount64 + (long)FlushInterval.TotalMilliseconds;
            }
            WriteFull();
            if (reopens)
            {
                _reopens = false;
                _destination.Reopen();
            }
        }
        Sweep();
        WriteFull();
    }

    // Takes the buffers that threads have begun.
    private void Sweep()
    {
        for (var i = 0; i < _slots.Length; i += SlotStride)
        {
            if (Interlocked.Exchange(ref _slots[i], null) is { } buffer)
                _full.Enqueue(buffer);
        }
    }

    private void WriteFull()
    {
        while (_full.TryDequeue(out var buffer))
        {
            if (_gaveUp)
                Interlocked.Add(ref _lost, buffer.Lines);
            else if (TryWrite(buffer.Bytes.AsSpan(0, buffer.Length), buffer.Lines) && Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                var length = buffer.Format!.WriteLost(buffer.Bytes, dropped, DateTime.UtcNow);
                TryWrite(buffer.Bytes.AsSpan(0, length), 0);
                ReportLoss();
            }
            Return(buffer);
        }
    }

    // The log has a line wherever some are missing; people are told once a minute at most.
    private void ReportLoss()
    {
        var now = Environment.TickCount64;
        if (now < _nextLossReport)
            return;
        _nextLossReport = now + (long)LossReportInterval.TotalMilliseconds;
        _report($"log {Name}: {LinesLost} lines were lost so far because it could not be written as fast as they came");
    }

    // Tries until it succeeds or the sink is stopped; meanwhile the queue fills, and then lines are dropped.
    private bool TryWrite(ReadOnlySpan<byte> lines, int count)
    {
        while (true)
        {
            try
            {
                _destination.Write(lines);
                if (_isFailing)
                    _report($"log {Name}: written again");
                _isFailing = false;
                return true;
            }
            catch (Exception fault)
            {
                if (!_isFailing)
                {
                    _report($"log {Name}: cannot be written, trying again every {RetryInterval.TotalSeconds:0} s; requests are served meanwhile "
                        + $"({fault.Message})");
                }
                _isFailing = true;
                if (_reopens)
                {
                    _reopens = false;
                    _destination.Reopen();
                }
                if (_stop.Wait(RetryInterval))
                {
                    _gaveUp = true;
                    Interlocked.Add(ref _lost, count);
                    return false;
                }
            }
        }
    }
}
