using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http2;
using Gatehouse.Protocols.Http2.Hpack;

namespace Gatehouse.Http.Client.Http2;

/// <content>What goes out: control frames at once, data of the streams in turn as far as the windows and the output have room.</content>
internal sealed partial class Http2ClientConnection
{
    private const int OutputLimit = BufferPool.LargeSize - (4 * 1024);
    private const int LeastData = 1024;

    private Http2Window _sendWindow = new(Http2Protocol.InitialWindow);
    private Http2ReceiveWindow _receiveWindow = new(ConnectionWindow);
    private Http2ClientStream? _queueHead;
    private Http2ClientStream? _queueTail;
    private bool _isPumping;

    /// <summary>Sends what the stream has pending, as far as that is possible now. True when all of it is in the output.</summary>
    public bool Send(Http2ClientStream stream)
    {
        if (stream.Pending == 0)
        {
            if (stream.EndsBehind)
                WriteData(stream, 0);
            stream.OnSent();
            FlushSoon();
            return true;
        }
        if (stream.SendWindow > 0)
            Queue(stream);
        Pump();
        return stream.Pending == 0;
    }

    public void SendWindowUpdate(int stream, int increment)
    {
        if (_isClosed)
            return;
        Output.Commit(Http2FrameWriter.WindowUpdate(Output.Reserve(Http2FrameWriter.ControlBytes), stream, increment));
        FlushSoon();
    }

    public void Acknowledge(int count)
    {
        if (_receiveWindow.Use(count) is > 0 and var increment)
            SendWindowUpdate(0, increment);
    }

    public void Unqueue(Http2ClientStream stream)
    {
        if (!stream.IsQueued)
            return;
        Http2ClientStream? before = null;
        for (var at = _queueHead; !ReferenceEquals(at, stream); at = at!.QueuedBehind)
            before = at;
        if (before is null)
            _queueHead = stream.QueuedBehind;
        else
            before.QueuedBehind = stream.QueuedBehind;
        if (ReferenceEquals(_queueTail, stream))
            _queueTail = before;
        stream.QueuedBehind = null;
        stream.IsQueued = false;
    }

    private void Queue(Http2ClientStream stream)
    {
        if (stream.IsQueued)
            return;
        stream.IsQueued = true;
        if (_queueTail is null)
            _queueHead = stream;
        else
            _queueTail.QueuedBehind = stream;
        _queueTail = stream;
    }

    private void Pump()
    {
        if (_isPumping || _isClosed)
            return;
        _isPumping = true;
        while (_queueHead is { } stream && _sendWindow.Available > 0 && !_isClosed)
        {
            var room = OutputLimit - Output.Buffered - Http2Protocol.HeaderBytes;
            if (room < LeastData)
            {
                if (!TryFlush())
                    break;
                continue;
            }
            Unqueue(stream);
            var count = (int)Math.Min(Math.Min(stream.Pending, room), Http2Protocol.FrameBytes);
            count = Math.Min(count, Math.Min(stream.SendWindow, _sendWindow.Available));
            if (!WriteData(stream, count))
            {
                stream.OnFileTruncated();
                continue;
            }
            if (stream.Pending > 0 && stream.SendWindow > 0)
                Queue(stream);
            stream.OnSent();
        }
        _isPumping = false;
        if (!_isClosed && Output.HasPending)
            FlushSoon();
    }

    private bool WriteData(Http2ClientStream stream, int count)
    {
        var isLast = stream.EndsBehind && count == stream.Pending;
        var trailers = isLast ? stream.RequestTrailers : null;
        if (count > 0 || trailers is null)
        {
            var room = Output.Reserve(Http2Protocol.HeaderBytes + count);
            _sendWindow.TryTake(count);
            if (!stream.TryTake(room[Http2Protocol.HeaderBytes..], count))
                return false;
            Http2FrameHeader.Write(room, count, Http2FrameType.Data, isLast && trailers is null ? Http2Flags.EndStream : Http2Flags.None, stream.Id);
            Output.Commit(Http2Protocol.HeaderBytes + count);
            _guard.EarnControl();
        }
        if (trailers is not null)
            WriteTrailers(stream.Id, trailers);
        return true;
    }

    private void WriteTrailers(int stream, HeaderTable trailers)
    {
        var size = Http2Protocol.HeaderBytes + HpackEncoder.BeginBytes;
        for (var i = 0; i < trailers.Count; i++)
            size += trailers[i].Name.Length + trailers[i].Value.Length + HpackEncoder.FieldOverhead;
        var room = Output.Reserve(size);
        var at = Http2Protocol.HeaderBytes;
        at += Encoder.Begin(room[at..]);
        for (var i = 0; i < trailers.Count; i++)
            at += Encoder.Field(room[at..], trailers[i]);
        Http2HeaderFrames.Commit(Output, room, at, stream, isEnd: true);
    }

    private void WriteReset(int id, Http2ErrorCode code)
    {
        Output.Commit(Http2FrameWriter.RstStream(Output.Reserve(Http2FrameWriter.ControlBytes), id, code));
        FlushSoon();
    }
}
