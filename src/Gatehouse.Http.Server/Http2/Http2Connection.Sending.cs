using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Http2;

namespace Gatehouse.Http.Server.Http2;

/// <summary>What goes out: control frames at once, data in the order of its urgency, as far as the windows and the output have room.</summary>
internal sealed partial class Http2Connection
{
    // What gathers before it must go out: a large buffer, less one head of usual size.
    private const int OutputLimit = BufferPool.LargeSize - (4 * 1024);

    // Data that has no room for at least so much waits for the next write.
    private const int LeastData = 1024;

    private Http2SendQueue _queue = new();
    private Http2Window _sendWindow = new(Http2Protocol.InitialWindow);
    private bool _isPumping;

    /// <summary>What the client lets the connection send.</summary>
    public int SendWindow => _sendWindow.Available;

    /// <summary>Sends what the stream has pending, as far as that is possible now. True when all of it is in the output.</summary>
    public bool Send(Http2Exchange stream)
    {
        // The usual answer is small, and nothing is in its way. An end without data needs no window.
        if (stream.Pending == 0 || (_queue.IsEmpty && stream.Pending <= Http2Protocol.FrameBytes
                && stream.Pending <= Math.Min(stream.SendWindow, _sendWindow.Available) && Output.Buffered + stream.Pending < OutputLimit))
        {
            if (!TryWriteData(stream, (int)stream.Pending))
                return false;
            if (stream.EndsBehind)
                stream.EndStream();
            FlushSoon();
            return true;
        }
        if (stream.SendWindow > 0)
            _queue.Add(stream);
        stream.NoteBlocked();
        Pump();
        return stream.Pending == 0 && !stream.IsReset;
    }

    /// <summary>The stream has nothing to send any more.</summary>
    public void Unqueue(Http2Exchange stream) => _queue.Remove(stream);

    /// <summary>Sends an interim answer.</summary>
    public void SendInterim(Http2Exchange stream, int status, HeaderList? headers)
    {
        Http2ResponseHead.WriteInterim(Output, Encoder, stream.Stream, status, headers);
        FlushSoon();
    }

    /// <summary>Lets the client send more on a stream.</summary>
    public void SendWindowUpdate(int stream, int increment)
    {
        if (_isBroken)
            return;
        Output.Commit(Http2FrameWriter.WindowUpdate(Output.Reserve(Http2FrameWriter.ControlBytes), stream, increment));
        FlushSoon();
    }

    /// <summary>Bytes of bodies were used.</summary>
    public void Acknowledge(int count)
    {
        if (_receiveWindow.Use(count) is > 0 and var increment)
            SendWindowUpdate(0, increment);
    }

    // Frames of data from those whose turn it is, until the output or a window is full. A stream whose data is all in the output goes on at once.
    private void Pump()
    {
        if (_isPumping)
            return;
        _isPumping = true;
        while (_queue.Next is { } stream && _sendWindow.Available > 0 && !_isBroken)
        {
            var room = OutputLimit - Output.Buffered - Http2Protocol.HeaderBytes;
            if (room < LeastData)
            {
                if (!TryFlush())
                    break;
                continue;
            }
            var count = (int)Math.Min(Math.Min(stream.Pending, room), Http2Protocol.FrameBytes);
            count = Math.Min(count, Math.Min(stream.SendWindow, _sendWindow.Available));
            if (!TryWriteData(stream, count))
                continue;
            if (stream.Pending == 0)
            {
                _queue.Remove(stream);
                if (stream.EndsBehind)
                    stream.EndStream();
                stream.OnSent();
                continue;
            }
            if (stream.IsTooSlow())
            {
                DropReader(stream, $"the client took the answer at less than {stream.SendRate.BytesPerSecond} bytes per second");
                continue;
            }
            stream.NoteBlocked();
            if (stream.SendWindow == 0)
                _queue.Remove(stream);
            else
                _queue.Rotate(stream);
        }
        _isPumping = false;
        if (Output.HasPending && !_isBroken)
            FlushSoon();
    }

    // False when the file that the data is in has become shorter: then the stream was reset.
    private bool TryWriteData(Http2Exchange stream, int count)
    {
        var isLast = stream.EndsBehind && count == stream.Pending;
        var hasTrailers = isLast && stream.Response.HasTrailers;
        if (count > 0 || !hasTrailers)
        {
            var room = Output.Reserve(Http2Protocol.HeaderBytes + count);
            _sendWindow.TryTake(count);
            if (!stream.TryTake(room[Http2Protocol.HeaderBytes..], count))
            {
                stream.Notes.Failure ??= "the file ended before the length that was announced";
                ResetStream(stream, Http2ErrorCode.InternalError);
                return false;
            }
            Http2FrameHeader.Write(room, count, Http2FrameType.Data, isLast && !hasTrailers ? Http2Flags.EndStream : Http2Flags.None, stream.Stream);
            Output.Commit(Http2Protocol.HeaderBytes + count);
            _guard.EarnControl();
        }
        if (hasTrailers)
            Http2ResponseHead.WriteTrailers(Output, Encoder, stream.Stream, stream.Response.Trailers);
        return true;
    }

    private void WriteData(Http2Exchange stream, int count, bool isEnd)
    {
        Http2FrameHeader.Write(Output.Reserve(Http2Protocol.HeaderBytes), count, Http2FrameType.Data, isEnd ? Http2Flags.EndStream : Http2Flags.None, stream.Stream);
        Output.Commit(Http2Protocol.HeaderBytes);
        stream.EndStream();
    }
}
