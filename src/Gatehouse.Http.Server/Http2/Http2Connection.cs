using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Http2;
using Gatehouse.Protocols.Http2.Hpack;

namespace Gatehouse.Http.Server.Http2;

/// <summary>
/// Drives HTTP/2 (RFC 9113) over one transport: a state machine on its reactor that makes an exchange of each stream. This part moves bytes and keeps time;
/// the parts beside it take frames, open and end streams, send, and end the connection. What is answered while frames are read goes out in one write.
/// </summary>
internal sealed partial class Http2Connection : ServerConnection, ITransportEvents, ITimerTarget, IReactorWork
{
    /// <summary>What a client may send of one body before any of it is read; Kestrel has 768 KB, nginx 64 KB.</summary>
    public const int StreamWindow = 256 * 1024;

    // The same for all bodies of a connection; Kestrel has 1 MB.
    private const int ConnectionWindow = 1024 * 1024;

    // As for HTTP/1: what one connection receives before the reactor's others get their turn.
    private const int ReceiveBudget = 256 * 1024;

    private readonly InputBuffer _input;
    private readonly ReactorTimer _timer;
    private readonly HpackDecoder _decoder = new();
    private readonly long _startedAt;
    private Http2Settings _peer = new();
    private Http2ReceiveWindow _receiveWindow = new(ConnectionWindow);
    private Http2FloodGuard _guard;
    private volatile bool _isBroken;
    private bool _isLingering;
    private bool _isClosed;
    private bool _isReading;
    private bool _isDeferred;
    private bool _hasPreface;
    private bool _hasSettings;
    private bool _hasAck;
    private int _receiveBudget = ReceiveBudget;
    private long _timerAt = long.MaxValue;
    private long _partialSince;
    private long _idleSince;
    private ReaderRate _rate;
    private long _lastSentAt;
    private long _lingerUntil = long.MaxValue;
    private long _goAwayAt = long.MaxValue;

    public Http2Connection(ServerReactor owner, Transport transport, ServerLimits limits, InputBuffer? input = null)
        : base(owner, transport, limits)
    {
        _input = input ?? new InputBuffer(transport);
        Output = new OutputBuffer(transport);
        _timer = new ReactorTimer(transport.Reactor, this);
        _startedAt = _idleSince = transport.Reactor.Now;
        _guard = new Http2FloodGuard(_startedAt);
    }

    public OutputBuffer Output { get; }

    /// <summary>The client and what is under way, for the watchdog's message: from another thread, so it may be a moment old.</summary>
    public override string ToString() => $"{_active} requests of {Transport.RemoteEndpoint}";

    public HpackEncoder Encoder { get; } = new();

    /// <summary>The window with which the client lets streams start.</summary>
    public int PeerWindow => _peer.InitialWindowSize;

    /// <summary>True once the transport broke, or the connection ends for a fault: no stream goes on. From any thread.</summary>
    public bool IsBroken => _isBroken;

    private long Now => Transport.Reactor.Now;

    /// <summary>Takes the connection into service and tries to read at once.</summary>
    public void Start()
    {
        Transport.Events = this;
        Owner.Add(this);
        var to = Output.Reserve(128);
        var size = Http2FrameWriter.Settings(to, [
            (Http2SettingId.MaxConcurrentStreams, Limits.Streams),
            (Http2SettingId.InitialWindowSize, StreamWindow),
            (Http2SettingId.MaxHeaderListSize, Limits.Head.HeadBytes),
            (Http2SettingId.EnableConnectProtocol, 1),
            (Http2SettingId.NoRfc7540Priorities, 1),
        ]);
        size += Http2FrameWriter.WindowUpdate(to[size..], 0, ConnectionWindow - Http2Protocol.InitialWindow);
        Output.Commit(size);
        ArmBy(_startedAt + Milliseconds(Limits.HeadTime));
        if (Owner.IsDraining)
            OnDrain();
        ReadFrames();
    }

    public void OnReadable()
    {
        _receiveBudget = ReceiveBudget;
        if (_isLingering)
            Linger();
        else if (!_isReading)
            ReadFrames();
    }

    public void OnWritable()
    {
        if (_isClosed || !TryFlush())
            return;
        if (_isLingering)
        {
            FinishFlushed();
            return;
        }
        Pump();
        if (!_isReading)
            ReadFrames();
    }

    public void OnBroken(int errno)
    {
        if (_isClosed)
            return;
        Output.Break(errno);
        if (_isLingering)
        {
            Close();
            return;
        }
        if (_isBroken)
            return;
        AbortStreams();
        if (_active == 0)
            Close();
    }

    /// <summary>The end of a turn in which something is to be sent, the share was used up, or a read met a broken connection.</summary>
    void IReactorWork.Run()
    {
        _isDeferred = false;
        if (_isClosed)
            return;
        if (_receiveBudget <= 0)
            OnReadable();
        else if (!_isBroken)
            Pump();
        if (!_isClosed && Output.HasPending)
            TryFlush();
    }

    /// <summary>Sends what is pending. False when it must wait (<see cref="OnWritable"/> follows) or the connection broke.</summary>
    public bool TryFlush()
    {
        var before = Output.Sent;
        if (Output.Flush())
        {
            _rate.Clear();
            return true;
        }
        if (Output.Errno != 0)
            OnBroken(Output.Errno);
        else
            NoteBlocked(before);
        return false;
    }

    /// <summary>Has what is pending sent when this turn ends, unless frames are being read: that loop sends behind itself.</summary>
    public void FlushSoon()
    {
        if (!_isReading)
            Defer();
    }

    // Reads and takes frames until bytes run out, the output is full, or the connection ends.
    private void ReadFrames()
    {
        _isReading = true;
        while (!_isBroken && !_isLingering)
        {
            if (!TakeFrames())
                break;
            // A client that does not read gets no further answers, to pings and settings neither.
            if (Output.Buffered > OutputLimit && !TryFlush())
                break;
            if (_receiveBudget <= 0)
            {
                Defer();
                break;
            }
            var result = _input.Fill(out _);
            _receiveBudget -= result.Count;
            if (result.IsDone)
                continue;
            NotePartial();
            if (!result.IsWouldBlock)
                End(result);
            break;
        }
        _isReading = false;
        if (!_isClosed && !_isLingering && Output.HasPending)
            TryFlush();
    }

    private void End(IoResult result)
    {
        if (result.IsFailure)
        {
            OnBroken(result.Errno);
            return;
        }
        // Who ends its side while it still waits for answers has gone: no client of HTTP/2 does without the connection's other half.
        Output.Flush();
        OnBroken(0);
    }

    private void Defer()
    {
        if (_isDeferred)
            return;
        _isDeferred = true;
        Transport.Reactor.Defer(this);
    }

    // A frame or a field block that has begun must be whole in time; data may take as long as the body's reader waits for it.
    private void NotePartial()
    {
        var isPartial = _blockStream != 0 || (_input.Available > 0 && !IsPartialData());
        if (!isPartial)
        {
            _partialSince = 0;
        }
        else if (_partialSince == 0)
        {
            _partialSince = Now;
            ArmBy(_partialSince + Milliseconds(Limits.HeadTime));
        }
    }

    private bool IsPartialData() => Http2FrameHeader.TryRead(_input.Unused, out var header) && header.Type == Http2FrameType.Data;

    private void NoteBlocked(long sentBefore)
    {
        var now = Now;
        if (_rate.Note(now, sentBefore))
            _lastSentAt = now;
        if (Output.Sent != sentBefore)
            _lastSentAt = now;
        if (_rate.IsTooSlow(now, Output.Sent, new RateFloor(Limits.MinimumRate, Limits.RateGrace)))
            DropConnection($"the client took the answers at less than {Limits.MinimumRate} bytes per second");
        else
            ArmBy(_lastSentAt + Milliseconds(Limits.WriteTime));
    }

    private void ArmBy(long deadline)
    {
        if (deadline >= _timerAt)
            return;
        _timerAt = deadline;
        _timer.Arm(Math.Max(deadline - Now, 0));
    }

    /// <summary>One deadline has passed, or has been moved since: looks at each, and waits for the next.</summary>
    void ITimerTarget.OnTimer()
    {
        _timerAt = long.MaxValue;
        if (_isClosed)
            return;
        var now = Now;
        if (now >= _lingerUntil)
        {
            Close();
            return;
        }
        if (Output.HasPending && _rate.IsHeldUp)
        {
            if (now >= _lastSentAt + Milliseconds(Limits.WriteTime))
            {
                DropConnection($"the client took no byte of the answers within {Limits.WriteTime.TotalSeconds:0.###} s");
                return;
            }
            ArmBy(_lastSentAt + Milliseconds(Limits.WriteTime));
        }
        if (_isLingering)
        {
            ArmBy(_lingerUntil);
            return;
        }
        if (_isBroken)
            return;
        var headTime = Milliseconds(Limits.HeadTime);
        if (!_hasSettings || !_hasAck)
        {
            if (now >= _startedAt + headTime)
            {
                Fail(Http2ErrorCode.SettingsTimeout, _hasSettings
                    ? $"the settings were not acknowledged within {Limits.HeadTime.TotalSeconds:0.###} s"
                    : $"the connection preface did not arrive within {Limits.HeadTime.TotalSeconds:0.###} s");
                return;
            }
            ArmBy(_startedAt + headTime);
        }
        if (_partialSince != 0)
        {
            if (now >= _partialSince + headTime)
            {
                Fail(Http2ErrorCode.ProtocolError, $"a frame, or a field block, did not arrive whole within {Limits.HeadTime.TotalSeconds:0.###} s");
                return;
            }
            ArmBy(_partialSince + headTime);
        }
        if (now >= _goAwayAt)
        {
            EndDrain();
            return;
        }
        ArmBy(_goAwayAt);
        if (_active > 0)
            return;
        var idleEnd = _idleSince + Milliseconds(Limits.KeepAlive);
        if (now >= idleEnd)
            GoAway();
        else
            ArmBy(idleEnd);
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
