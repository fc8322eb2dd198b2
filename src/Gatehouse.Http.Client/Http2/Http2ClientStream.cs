using System.Globalization;
using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http2;
using Gatehouse.Protocols.Tls;

namespace Gatehouse.Http.Client.Http2;

/// <summary>
/// One request and its response on a connection of HTTP/2: the head is written, then a body or none, and the response is read, which may come before the body
/// is sent. It belongs to the caller from <see cref="Http2ConnectionPool.Open"/> to <see cref="Release"/>. On its reactor; no call blocks and, in the steady
/// state, none allocates.
/// </summary>
public sealed partial class Http2ClientStream : ITimerTarget, IAbortObserver, IDisposable
{
    // As of HTTP/1: who sends interim responses for ever never gets to the answer.
    private const int MaxInterims = 100;

    private readonly Http2ConnectionPool _pool;
    private readonly ReactorTimer _timer;
    private readonly ReactorWait<int> _read = new();
    private Http2ClientConnection _connection = null!;
    private Http2FieldSection? _trailers;
    private BodyBuffer _body;
    private Http2ReceiveWindow _receiveWindow;
    private ClientException? _fault;
    private ReadStep _step;
    private int _interims;
    private long _arrived;
    private long _announced;
    private bool _hasHead;
    private bool _hasTrailers;
    private bool _isTunnel;
    private bool _isHeadRequest;
    private bool _isOver;

    internal Http2ClientStream(Http2ConnectionPool pool)
    {
        _pool = pool;
        _timer = new ReactorTimer(pool.Reactor, this);
        _sendTimer = new ReactorTimer(pool.Reactor, new SendLimit(this));
        _body = new BodyBuffer(pool.Reactor.Buffers);
    }

    private enum ReadStep : byte
    {
        None,
        Connect,
        Settings,
        Head,
        News,
    }

    /// <summary>The stream's identifier.</summary>
    public int Id { get; private set; }

    /// <summary>The response's head, after <see cref="ReadHeadAsync"/>, until the next is read or the stream released.</summary>
    public Http2FieldSection Response { get; } = new();

    /// <summary>Length of the response's body; 0 when there is none, -1 when it is not known.</summary>
    public long ContentLength => IsBodyComplete && _arrived == 0 ? 0 : Response.ContentLength;

    /// <summary>Counts the requests it has carried: who goes on using it beside the reading of a response finds out that its own is over.</summary>
    public int Generation { get; private set; }

    /// <summary>True when the response's body has been read to its end.</summary>
    public bool IsBodyComplete => IsRemoteClosed && _body.Available == 0;

    /// <summary>The fields behind a body that has been read to its end; null when there were none.</summary>
    public HeaderTable? Trailers => IsBodyComplete && _trailers is { Fields.Count: > 0 } trailers && _hasTrailers ? trailers.Fields : null;

    /// <summary>True when the server takes extended CONNECT (RFC 8441); known once its settings have come.</summary>
    public bool AllowsExtendedConnect => _connection.AllowsExtendedConnect;

    /// <summary>What TLS agreed on; null without TLS, and until the connection stands.</summary>
    public TlsFacts? Tls => _connection.Tls;

    internal bool IsRemoteClosed { get; private set; }

    /// <summary>
    /// Completes when the connection stands, or with <paramref name="withSettings"/> when the server has said what it takes; before that nothing of a body
    /// should be given away which could not be sent to another.
    /// </summary>
    /// <exception cref="ClientException">No connection could be made.</exception>
    public ValueTask<int> ReadyAsync(bool withSettings = false)
    {
        ThrowIfOver();
        if (withSettings ? _connection.HasSettings : _connection.IsConnected)
            return new ValueTask<int>(0);
        return Wait(withSettings ? ReadStep.Settings : ReadStep.Connect, _pool.Timeouts.FirstByte);
    }

    /// <summary>Reads until the response's head is there (<see cref="Response"/>). An interim one counts: <see cref="NextHead"/> passes over it.</summary>
    /// <exception cref="ClientException">The stream or its connection ended, or the head is malformed or late.</exception>
    public ValueTask<int> ReadHeadAsync()
    {
        ThrowIfOver();
        if (_hasHead)
            return new ValueTask<int>(0);
        return Wait(ReadStep.Head, IsSending ? Timeout.InfiniteTimeSpan : _pool.Timeouts.FirstByte);
    }

    /// <summary>Passes over an interim head, ready to read the next.</summary>
    /// <exception cref="ClientException">There were too many.</exception>
    public void NextHead()
    {
        if (++_interims > MaxInterims)
            throw new ClientException(ClientFault.BadResponse, $"{_pool.Endpoint} sent more than {MaxInterims} interim responses to one request");
        _hasHead = false;
        _connection.GoOn(this);
    }

    /// <summary>Reads of the body, or of a tunnel, what is there without waiting: a count, 0 at its end, -1 when there is nothing yet.</summary>
    /// <exception cref="ClientException">The stream or its connection ended inside the body.</exception>
    public int TryReadBody(Span<byte> destination)
    {
        var count = _body.Read(destination);
        if (count > 0)
        {
            Acknowledge(count);
            return count;
        }
        if (IsRemoteClosed && _fault is null)
            return 0;
        ThrowIfOver();
        return -1;
    }

    /// <summary>Completes when <see cref="TryReadBody"/> is worth calling again.</summary>
    /// <exception cref="ClientException">The body does not go on in time.</exception>
    public ValueTask<int> WaitForBodyAsync()
    {
        if (_body.Available > 0 || IsRemoteClosed)
            return new ValueTask<int>(0);
        ThrowIfOver();
        return Wait(ReadStep.News, _isTunnel ? Timeout.InfiniteTimeSpan : _pool.Timeouts.Idle);
    }

    /// <summary>Gives the stream back; one that is not over is reset.</summary>
    public void Release()
    {
        if (_connection is null)
            return;
        var connection = _connection;
        Generation++;
        _timer.Disarm();
        _sendTimer.Disarm();
        connection.Leave(this);
        var dropped = _body.Clear();
        if (dropped > 0)
            connection.Acknowledge(dropped);
        DropPending();
        _isOver = true;
        if (_read.IsPending || IsWriting)
        {
            _fault ??= new ClientException(ClientFault.Truncated, $"the request to {_pool.Endpoint} was given up by this side");
            EndWaits();
        }
        _connection = null!;
        _pool.Return(this);
    }

    /// <summary>As <see cref="Release"/>; waits in progress end with a failure.</summary>
    public void Dispose() => Release();

    /// <summary>The client for whom this request is made went away: nobody wants the response.</summary>
    public void OnClientAborted() => Fail(new ClientException(ClientFault.Truncated, "the client went away"), Http2ErrorCode.Cancel);

    void ITimerTarget.OnTimer()
    {
        if (!_read.IsPending)
            return;
        var exception = _step != ReadStep.News
            ? new ClientException(ClientFault.ResponseTimeout, $"{_pool.Endpoint} sent no response within {Seconds(_pool.Timeouts.FirstByte)}")
            : new ClientException(ClientFault.BodyTimeout, $"{_pool.Endpoint} sent nothing more of its response for {Seconds(_pool.Timeouts.Idle)}");
        _step = ReadStep.None;
        _read.SetException(exception);
    }

    internal void Begin(Http2ClientConnection connection, int id, int sendWindow)
    {
        _connection = connection;
        Id = id;
        _sendWindow = new Http2Window(sendWindow);
        _receiveWindow = new Http2ReceiveWindow(Http2ClientConnection.StreamWindow);
        _fault = null;
        _interims = 0;
        _arrived = 0;
        _announced = -1;
        _hasHead = _hasTrailers = _isTunnel = _isOver = _isHeadRequest = false;
        IsRemoteClosed = IsLocalClosed = false;
        BeginSending();
    }

    /// <summary>The connection stands, or the server's settings have come.</summary>
    internal void OnReady(bool withSettings)
    {
        if (_read.IsPending && (_step == ReadStep.Connect || (withSettings && _step == ReadStep.Settings)))
            EndStep();
    }

    /// <summary>The head of a response has been decoded into <see cref="Response"/>; its fault, if it has one, is the stream's.</summary>
    internal Http2Fault OnHead(bool isEnd)
    {
        if (Response.IsTooLarge)
            return Http2Fault.OfStream(Http2ErrorCode.Cancel, "fields more or larger than the limit");
        if (Response.FinishResponse() is { } malformed)
            return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, malformed);
        if (Response.IsInterim)
        {
            if (isEnd)
                return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, "an interim response that ends its stream (RFC 9113 section 8.1)");
        }
        else
        {
            IsRemoteClosed = isEnd;
            _announced = _isHeadRequest || Response.Status is 204 or 304 || _isTunnel ? -1 : Response.ContentLength;
            if (isEnd && _announced > 0)
                return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, $"a Content-Length of {_announced}, and no content (RFC 9113 section 8.1.1)");
        }
        _hasHead = true;
        Wake();
        return default;
    }

    /// <summary>True when the head that was read last has been looked at, so that the next may take its place.</summary>
    internal bool TakesHead => !_hasHead;

    /// <summary>True when a final head has come: what comes now are trailers.</summary>
    internal bool HasFinalHead => _hasHead && !Response.IsInterim;

    internal Http2FieldSection TrailerSection => _trailers ??= new Http2FieldSection();

    internal Http2Fault OnTrailers(bool isEnd)
    {
        if (!isEnd)
            return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, "trailers that do not end their stream (RFC 9113 section 8.1)");
        if (TrailerSection.Malformed is { } malformed)
            return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, malformed);
        if (_announced > _arrived)
            return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, $"{_arrived} bytes of content, and a Content-Length of {_announced} (RFC 9113 section 8.1.1)");
        _hasTrailers = true;
        IsRemoteClosed = true;
        Wake();
        return default;
    }

    internal Http2Fault OnData(ReadOnlySpan<byte> data, int size, bool isEnd)
    {
        if (!_receiveWindow.TryTake(size))
            return Http2Fault.OfStream(Http2ErrorCode.FlowControlError, "more data than the stream's window (RFC 9113 section 6.9.1)");
        if (!HasFinalHead)
            return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, "DATA before the head of the response (RFC 9113 section 8.1)");
        _arrived += data.Length;
        if (_announced >= 0 && (_arrived > _announced || (isEnd && _arrived < _announced)))
            return Http2Fault.OfStream(Http2ErrorCode.ProtocolError, $"{_arrived} bytes of content, and a Content-Length of {_announced} (RFC 9113 section 8.1.1)");
        IsRemoteClosed = isEnd;
        if (size > data.Length)
            Acknowledge(size - data.Length);
        _body.Append(data);
        Wake();
        return default;
    }

    /// <summary>The stream is over before its time, by whatever side: who waits is told.</summary>
    internal void OnOver(ClientException fault)
    {
        if (_isOver)
            return;
        _isOver = true;
        _fault = fault;
        IsLocalClosed = true;
        DropPending();
        EndWaits();
    }

    /// <summary>Ends the stream for a reason of this side's.</summary>
    private void Fail(ClientException fault, Http2ErrorCode code)
    {
        if (_connection is null || _isOver)
            return;
        _connection.ResetStream(this, code);
        OnOver(fault);
    }

    private void EndWaits()
    {
        var generation = Generation;
        EndWrite();
        if (generation != Generation || !_read.IsPending)
            return;
        _step = ReadStep.None;
        _read.SetException(_fault!);
    }

    private void Wake()
    {
        if (_read.IsPending && (_step == ReadStep.News || (_step == ReadStep.Head && _hasHead)))
            EndStep();
    }

    private void EndStep()
    {
        _step = ReadStep.None;
        _read.SetResult(0);
    }

    private ValueTask<int> Wait(ReadStep step, TimeSpan time)
    {
        _step = step;
        if (time == Timeout.InfiniteTimeSpan)
            _timer.Disarm();
        else
            _timer.Arm((long)time.TotalMilliseconds);
        _read.Begin(resumeInline: true);
        return _read.Task;
    }

    private void Acknowledge(int count)
    {
        if (_connection is null)
            return;
        _connection.Acknowledge(count);
        if (!IsRemoteClosed && !_isOver && _receiveWindow.Use(count) is > 0 and var increment)
            _connection.SendWindowUpdate(Id, increment);
    }

    private void ThrowIfOver()
    {
        if (_isOver || _connection is null)
            throw _fault ?? new ClientException(ClientFault.Truncated, $"the request to {_pool.Endpoint} is over");
    }

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
