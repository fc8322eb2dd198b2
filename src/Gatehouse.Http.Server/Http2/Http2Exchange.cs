using System.Buffers.Text;
using System.Security.Cryptography;
using Gatehouse.Net.Buffers;
using Gatehouse.Net.Timers;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http2;

namespace Gatehouse.Http.Server.Http2;

/// <summary>
/// One HTTP/2 request and its answer: a stream of a connection. Reused from request to request on its reactor. This part takes the request from the
/// connection and keeps the stream's state; the parts beside it read and write.
/// </summary>
internal sealed partial class Http2Exchange : ServerExchange, ITimerTarget
{
    private readonly ReactorTimer _timer;
    private Http2Connection _connection = null!;
    private Http2FieldSection? _trailerSection;
    private volatile bool _isReset;
    private bool _isConnect;

    public Http2Exchange(ServerReactor owner)
        : base(owner)
    {
        _timer = new ReactorTimer(owner.Reactor, this);
        _body = new BodyBuffer(owner.Reactor.Buffers);
    }

    /// <summary>The fields of the head.</summary>
    public Http2FieldSection Section { get; } = new();

    /// <summary>The fields behind the body.</summary>
    public Http2FieldSection TrailerSection => _trailerSection ??= new Http2FieldSection();

    /// <summary>The stream's identifier.</summary>
    public int Stream { get; private set; }

    /// <summary>How soon the answer is wanted.</summary>
    public Http2Priority Priority { get; set; }

    /// <summary>The level of the send queue that the stream is in, or -1.</summary>
    public int QueuedLevel { get; set; } = -1;

    /// <summary>Neighbours in the send queue.</summary>
    public Http2Exchange? QueuedBefore { get; set; }

    /// <inheritdoc cref="QueuedBefore"/>
    public Http2Exchange? QueuedBehind { get; set; }

    /// <summary>True when the client has ended its side.</summary>
    public bool IsRemoteClosed { get; private set; }

    /// <summary>True when this side has ended, or the stream was reset by either.</summary>
    public bool IsLocalClosed { get; private set; }

    /// <summary>True when the stream was reset.</summary>
    public bool IsReset => _isReset;

    public override bool IsAborted => _isReset || _connection.IsBroken;

    protected override ServerConnection Connection => _connection;

    /// <summary>Takes the request whose fields are in <see cref="Section"/>. False when it is malformed, and must not be seen (RFC 9113 section 8.1.1).</summary>
    public bool TryOpen(Http2Connection connection, int stream, bool isEnd, out string? fault)
    {
        _connection = connection;
        Stream = stream;
        IsRemoteClosed = isEnd;
        IsLocalClosed = false;
        _isReset = false;
        var section = Section;
        fault = section.FinishRequest();
        if (fault is null && isEnd && section.ContentLength > 0)
            fault = "a Content-Length, and no content (RFC 9113 section 8.1.1)";
        if (fault is not null)
            return false;
        Priority = section.Priority;
        _sendWindow = new Http2Window(connection.PeerWindow);
        _receiveWindow = new Http2ReceiveWindow(Http2Connection.StreamWindow);
        _arrived = _received = 0;
        _isConnect = section.Method == Method.Connect;
        // The data of CONNECT is the tunnel's, not the request's.
        var length = isEnd || _isConnect ? 0 : section.ContentLength;
        if (section.Protocol.Length > 0)
            OpenExtended(section);
        else
            Request.SetLine(section.Buffer, section.Method, section.MethodName, section.Target, section.Path, section.Query, section.HasQuery, HttpVersion.Http2);
        Request.SetMessage(section.Fields, section.Authority, length, section.ExpectsContinue && length != 0, asksUpgrade: section.Protocol.Length > 0);
        BeginExchange();
        return true;
    }

    /// <summary>Gives the request to the handler. True when the handler is done and the answer complete.</summary>
    public bool Run()
    {
        if (Section.IsTooLarge)
            return Refuse(431, "the request's fields are more or larger than the limit");
        if (Section.HasUnknownExpectation)
            return Refuse(417, "an expectation other than 100-continue (RFC 9110 section 10.1.1)");
        return RunHandler();
    }

    /// <summary>The stream was reset by the client, or by this side for a fault of the client's: the handler is told.</summary>
    public void Reset()
    {
        if (_isReset)
            return;
        _isReset = IsLocalClosed = IsRemoteClosed = true;
        DropPending();
        DropBody();
        OnBroken();
    }

    /// <summary>Makes the exchange ready to be rented again.</summary>
    public override void End()
    {
        _timer.Disarm();
        DropPending();
        DropBody();
        _readDeadline = _writeDeadline = ReactorNever;
        base.End();
    }

    public override void Abort() => Abort((uint)Http2ErrorCode.InternalError);

    public override void Abort(uint errorCode)
    {
        if (Reactor.IsCurrent)
            Drop((Http2ErrorCode)errorCode);
        else
            Reactor.Post(static state => ((AbortWork)state!).Run(), new AbortWork(this, Generation, (Http2ErrorCode)errorCode));
    }

    protected override void Drop() => Drop(Http2ErrorCode.InternalError);

    protected override void OnHandlerCompleted() => _connection.OnHandlerCompleted(this);

    private void Drop(Http2ErrorCode code)
    {
        if (!IsAborted)
            _connection.ResetStream(this, code);
    }

    // RFC 8441: a handler that knows upgrades of HTTP/1 sees one. The key is of no use here, but an upstream of HTTP/1 must get one (RFC 8441 section 5.1).
    private void OpenExtended(Http2FieldSection section)
    {
        var method = section.AppendText("GET"u8);
        Span<byte> protocol = stackalloc byte[64];
        var length = Math.Min(section.Protocol.Length, protocol.Length);
        section.Protocol.Of(section.Buffer)[..length].CopyTo(protocol);
        section.Append(KnownHeader.Upgrade, protocol[..length]);
        if (!section.Fields.Contains(KnownHeader.SecWebSocketKey) && protocol[..length].SequenceEqual("websocket"u8))
        {
            Span<byte> key = stackalloc byte[24];
            RandomNumberGenerator.Fill(key[..16]);
            Base64.EncodeToUtf8InPlace(key, 16, out _);
            section.Append(KnownHeader.SecWebSocketKey, key);
        }
        Request.SetLine(section.Buffer, Method.Get, method, section.Target, section.Path, section.Query, section.HasQuery, HttpVersion.Http2);
    }

    /// <summary>An abort asked for on another thread; the exchange may have become another's meanwhile.</summary>
    private sealed class AbortWork(Http2Exchange exchange, int generation, Http2ErrorCode code)
    {
        public void Run()
        {
            if (exchange.Generation == generation)
                exchange.Drop(code);
        }
    }
}
