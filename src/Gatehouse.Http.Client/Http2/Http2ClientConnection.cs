using Gatehouse.Net;
using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Http2;
using Gatehouse.Protocols.Http2.Hpack;
using Gatehouse.Protocols.Tls;

namespace Gatehouse.Http.Client.Http2;

/// <summary>
/// One connection of HTTP/2 to a server (RFC 9113), which carries the streams of many requests. A state machine on its reactor; this part opens and ends
/// streams, moves bytes and keeps time, the parts beside it take frames and send data.
/// </summary>
internal sealed partial class Http2ClientConnection : ITransportEvents, ITimerTarget, IReactorWork
{
    /// <summary>What a server may send of one body before any of it is read.</summary>
    public const int StreamWindow = 256 * 1024;

    private const int ConnectionWindow = 4 * 1024 * 1024;
    private const int ReceiveBudget = 256 * 1024;

    private readonly Http2ConnectionPool _pool;
    private readonly ReactorTimer _timer;
    private readonly HpackDecoder _decoder = new();
    private readonly Http2StreamTable<Http2ClientStream> _streams = new();
    private Transport _transport = null!;
    private InputBuffer _input = null!;
    private Http2Settings _peer = new();
    private Http2FloodGuard _guard;
    private int _nextId = 1;
    private int _receiveBudget = ReceiveBudget;
    private bool _isConnected;
    private bool _hasSettings;
    private bool _isLeaving;
    private bool _isClosed;
    private bool _isReading;
    private bool _isDeferred;

    public Http2ClientConnection(Http2ConnectionPool pool)
    {
        _pool = pool;
        _timer = new ReactorTimer(pool.Reactor, this);
        _guard = new Http2FloodGuard(pool.Reactor.Now);
    }

    public OutputBuffer Output { get; private set; } = null!;

    public HpackEncoder Encoder { get; } = new();

    public bool IsConnected => _isConnected;

    public TlsFacts? Tls => _transport.Tls;

    public bool HasSettings => _hasSettings;

    public bool AllowsExtendedConnect => _peer.EnableConnectProtocol;

    /// <summary>True when a further request may be sent here.</summary>
    public bool HasRoom => !_isClosed && !_isLeaving && _nextId < int.MaxValue - 2
        && _streams.Count < (_hasSettings ? _peer.MaxConcurrentStreams : _pool.StreamsAtFirst);

    public void Connect()
    {
        var transport = Connector.Connect(_pool.Reactor, _pool.Endpoint, this);
        Adopt(_pool.Tls is { } tls ? TlsTransport.Connect(transport, tls.Client, tls.Name, this) : transport, isConnected: false);
        _timer.Arm((long)_pool.Timeouts.Connect.TotalMilliseconds);
    }

    public void Adopt(Transport transport, bool isConnected = true)
    {
        _transport = transport;
        _input = new InputBuffer(transport);
        Output = new OutputBuffer(transport);
        _isConnected = isConnected;
        transport.Events = this;
        Output.Append(Http2Protocol.Preface);
        var to = Output.Reserve(128);
        var size = Http2FrameWriter.Settings(to, [
            (Http2SettingId.EnablePush, 0),
            (Http2SettingId.InitialWindowSize, StreamWindow),
            (Http2SettingId.MaxHeaderListSize, _pool.Limits.HeadBytes),
        ]);
        size += Http2FrameWriter.WindowUpdate(to[size..], 0, ConnectionWindow - Http2Protocol.InitialWindow);
        Output.Commit(size);
        FlushSoon();
    }

    public Http2ClientStream Open(Http2ClientStream stream)
    {
        var id = _nextId;
        _nextId += 2;
        stream.Begin(this, id, _peer.InitialWindowSize);
        _streams.Add(id, stream);
        if (_isConnected)
            _timer.Disarm();
        return stream;
    }

    /// <summary>The stream's owner has done with it; what is not over is reset.</summary>
    public void Leave(Http2ClientStream stream)
    {
        if (_isClosed || !ReferenceEquals(_streams.Find(stream.Id), stream))
            return;
        _streams.Remove(stream.Id);
        GoOn(stream);
        if (!stream.IsRemoteClosed || !stream.IsLocalClosed)
            WriteReset(stream.Id, Http2ErrorCode.Cancel);
        NoteIdle();
    }

    /// <summary>Ends a stream for a reason of this side's; its owner knows.</summary>
    public void ResetStream(Http2ClientStream stream, Http2ErrorCode code)
    {
        if (_isClosed || !ReferenceEquals(_streams.Find(stream.Id), stream))
            return;
        _streams.Remove(stream.Id);
        GoOn(stream);
        WriteReset(stream.Id, code);
        NoteIdle();
    }

    public void CloseWhenDone()
    {
        _isLeaving = true;
        if (_streams.Count == 0)
            Close(Truncated("was closed by this side"));
    }

    public void OnReadable()
    {
        _receiveBudget = ReceiveBudget;
        if (_isConnected && !_isReading)
            ReadFrames();
    }

    public void OnWritable()
    {
        if (_isClosed)
            return;
        if (!_isConnected)
        {
            if (_pool.Tls is not null && _transport.Tls is not { Protocol: "h2" })
            {
                var chosen = _transport.Tls?.Protocol ?? "none of what was offered";
                Close(new ClientException(ClientFault.OtherProtocol, $"{_pool.Endpoint} does not speak HTTP/2: it chose {chosen} (ALPN)"));
                return;
            }
            _isConnected = true;
            _timer.Disarm();
            TellReady(withSettings: false);
            if (_isClosed)
                return;
        }
        if (!TryFlush())
            return;
        Pump();
        if (!_isReading)
            ReadFrames();
    }

    public void OnBroken(int errno)
    {
        if (_isClosed)
            return;
        var fault = errno == 0 ? "" : $" ({Errno.Describe(errno)})";
        Close(_isConnected
            ? Truncated($"broke the connection{fault}")
            : new ClientException(ClientFault.Connect, $"{_pool.Endpoint} does not accept the connection: {_transport.Fault ?? Errno.Describe(errno)}"));
    }

    void IReactorWork.Run()
    {
        _isDeferred = false;
        if (_isClosed || !_isConnected)
            return;
        if (_receiveBudget <= 0)
            OnReadable();
        else
            Pump();
        if (!_isClosed && Output.HasPending)
            TryFlush();
    }

    void ITimerTarget.OnTimer()
    {
        if (_isClosed)
            return;
        if (!_isConnected)
            Close(new ClientException(ClientFault.ConnectTimeout, $"{_pool.Endpoint} did not accept the connection within {_pool.Timeouts.Connect.TotalSeconds:0.###} s"));
        else if (_streams.Count == 0)
            GoAway(Http2ErrorCode.NoError, Truncated("was idle and closed by this side"));
    }

    public void FlushSoon()
    {
        if (_isReading || _isDeferred)
            return;
        _isDeferred = true;
        _pool.Reactor.Defer(this);
    }

    private bool TryFlush()
    {
        if (!_isConnected)
            return false;
        if (Output.Flush())
            return true;
        if (Output.Errno != 0)
            OnBroken(Output.Errno);
        return false;
    }

    private void ReadFrames()
    {
        _isReading = true;
        while (!_isClosed)
        {
            if (!TakeFrames())
                break;
            if (Output.Buffered > OutputLimit && !TryFlush())
                break;
            if (_receiveBudget <= 0)
            {
                _isReading = false;
                FlushSoon();
                break;
            }
            var result = _input.Fill(out _);
            _receiveBudget -= result.Count;
            if (result.IsDone)
                continue;
            if (result.IsEndOfStream)
                Close(Truncated("ended the connection"));
            else if (result.IsFailure)
                OnBroken(result.Errno);
            break;
        }
        _isReading = false;
        if (!_isClosed && Output.HasPending)
            TryFlush();
    }

    // Who waits may end its stream, so the table is looked at again from where it may have moved.
    private void TellReady(bool withSettings)
    {
        for (var id = 1; id < _nextId; id += 2)
            _streams.Find(id)?.OnReady(withSettings);
    }

    private void NoteIdle()
    {
        if (_streams.Count > 0 || _isClosed)
            return;
        if (_isLeaving || _pool.IsClosed)
            GoAway(Http2ErrorCode.NoError, Truncated("was closed by this side"));
        else if (_isConnected)
            _timer.Arm((long)_pool.Timeouts.KeepAlive.TotalMilliseconds);
    }

    private ClientException Truncated(string what) => new(ClientFault.Truncated, $"{_pool.Endpoint} {what}");

    private void GoAway(Http2ErrorCode code, ClientException fault)
    {
        if (_isClosed)
            return;
        Output.Commit(Http2FrameWriter.GoAway(Output.Reserve(Http2FrameWriter.ControlBytes), 0, code));
        if (_isConnected)
            Output.Flush();
        Close(fault);
    }

    // Each stream is told; what has had no byte of an answer may be sent again by who knows that it may.
    private void Close(ClientException fault)
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _pool.Forget(this);
        _timer.Release();
        _transport.Close();
        _input.Release();
        DropBlock();
        Output.Break(0);
        for (var i = 0; i < _streams.Capacity;)
        {
            if (_streams.At(i) is not { } stream)
            {
                i++;
                continue;
            }
            _streams.Remove(stream.Id);
            stream.OnOver(stream.HasFinalHead || fault.Fault is not ClientFault.Truncated ? fault : new ClientException(ClientFault.ClosedBeforeResponse, fault.Message));
            i = 0;
        }
    }
}
