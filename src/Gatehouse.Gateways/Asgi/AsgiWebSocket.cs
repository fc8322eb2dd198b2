using System.Buffers.Binary;
using System.Text.Unicode;
using Gatehouse.Gateways.Python;
using Gatehouse.Http;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Protocols.WebSocket;

namespace Gatehouse.Gateways.Asgi;

/// <summary>
/// A WebSocket of an ASGI application after its handshake (RFC 6455): one loop reads the client's frames and gives the worker whole messages, no more at a time
/// than it takes; the other is the only one that writes to the client. Both are on the exchange's reactor.
/// </summary>
internal sealed class AsgiWebSocket : ITimerTarget
{
    // Bytes that the worker has been sent and the application has not received.
    private const int MostAhead = 1024 * 1024;
    private const int BufferBytes = 64 * 1024;
    private const int CloseWait = 5000;

    private const ushort CodeNormal = 1000;
    private const ushort CodeProtocol = 1002;
    private const ushort CodeNone = 1005;
    private const ushort CodeLost = 1006;
    private const ushort CodeNotText = 1007;
    private const ushort CodeTooLarge = 1009;
    private const ushort CodeFailed = 1011;

    private readonly PythonPool _pool;
    private readonly PythonRequest _request;
    private readonly Duplex _client;
    private readonly AsgiConfig _config;
    private readonly ReactorTimer _timer;
    private readonly ReactorWait<bool> _credit = new();
    private readonly byte[] _head = new byte[WebSocketFrame.MaxHead + WebSocketFrame.MaxControl];
    private readonly byte[] _buffer = new byte[BufferBytes];
    private byte[] _message = [];
    private int _messageLength;
    private WebSocketOpcode _messageKind;
    private int _start;
    private int _end;
    private long _ahead;
    private bool _isOver;
    private bool _hasSentClose;

    private AsgiWebSocket(PythonPool pool, PythonRequest request, Duplex client, AsgiConfig config)
    {
        _pool = pool;
        _request = request;
        _client = client;
        _config = config;
        _timer = new ReactorTimer(request.Home, this);
    }

    /// <summary>Runs until both sides have ended.</summary>
    public static async ValueTask RunAsync(PythonPool pool, PythonRequest request, Duplex client, AsgiConfig config)
    {
        var socket = new AsgiWebSocket(pool, request, client, config);
        socket.Touch();
        var reading = socket.ReadAsync();
        try
        {
            await socket.WriteAsync();
        }
        catch (BadRequestException)
        {
            client.Abort();
        }
        socket._isOver = true;
        socket._credit.SetResult(true);
        socket._timer.Arm(CloseWait);
        await reading;
        socket._timer.Release();
    }

    void ITimerTarget.OnTimer() => _client.Abort();

    private void Touch() => _timer.Arm((long)_config.Idle.TotalMilliseconds);

    // From the worker to the client, until the application has ended.
    private async ValueTask WriteAsync()
    {
        var left = 0L;
        AnswerPart part;
        do
        {
            while (!_request.TryTake(out part))
                await _request.WaitAsync();
            switch (part.Kind)
            {
                case AnswerKind.Message:
                    left = part.Total - part.Data.Length;
                    await SendHeadAsync(part.Head.Span is [(byte)'t'] ? WebSocketOpcode.Text : WebSocketOpcode.Binary, part.Total);
                    await _client.WriteAsync(part.Data);
                    Touch();
                    break;
                case AnswerKind.Data when left > 0 && part.File is null:
                    left -= part.Data.Length;
                    await _client.WriteAsync(part.Data);
                    break;
                case AnswerKind.Data when left > 0:
                    left -= part.Count;
                    await SendFileAsync(part);
                    break;
                case AnswerKind.Pull:
                    _ahead -= part.Total;
                    _credit.SetResult(true);
                    break;
                case AnswerKind.Pong:
                    await SendControlAsync(WebSocketOpcode.Pong, part.Data);
                    break;
                case AnswerKind.Closing:
                    await SendCloseAsync(part.Data);
                    break;
                case AnswerKind.Gone:
                    return;
                default:
                    await SendCloseAsync(part.Kind == AnswerKind.Close && part.Data.Length >= 2 ? part.Data : Code(CodeFailed));
                    break;
            }
            _request.Release();
        }
        while (!part.IsLast);
        await _client.ShutdownWriteAsync();
    }

    private async ValueTask SendFileAsync(AnswerPart part)
    {
        var buffer = new byte[BufferBytes];
        for (var sent = 0L; sent < part.Count;)
        {
            var count = RandomAccess.Read(part.File!, buffer.AsSpan(0, (int)Math.Min(buffer.Length, part.Count - sent)), part.Offset + sent);
            if (count == 0)
                return;
            await _client.WriteAsync(buffer.AsMemory(0, count));
            sent += count;
        }
    }

    private ValueTask SendHeadAsync(WebSocketOpcode kind, long length)
    {
        var size = new WebSocketFrame(kind, IsFinal: true, IsMasked: false, 0, length).Write(_head);
        return _client.WriteAsync(_head.AsMemory(0, size));
    }

    private ValueTask SendControlAsync(WebSocketOpcode kind, ReadOnlyMemory<byte> payload)
    {
        payload = payload[..Math.Min(payload.Length, WebSocketFrame.MaxControl)];
        var size = new WebSocketFrame(kind, IsFinal: true, IsMasked: false, 0, payload.Length).Write(_head);
        payload.CopyTo(_head.AsMemory(size));
        return _client.WriteAsync(_head.AsMemory(0, size + payload.Length));
    }

    private ValueTask SendCloseAsync(ReadOnlyMemory<byte> payload)
    {
        if (_hasSentClose)
            return default;
        _hasSentClose = true;
        return SendControlAsync(WebSocketOpcode.Close, payload);
    }

    private static byte[] Code(ushort code)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, code);
        return bytes;
    }

    // From the client to the worker, until the client has ended.
    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                if (!await FillAsync(1))
                    break;
                var size = WebSocketFrame.TryRead(_buffer.AsSpan(_start, _end - _start), out var frame);
                if (size == 0)
                {
                    if (!await FillAsync(_end - _start + 1))
                        break;
                    continue;
                }
                if (size < 0 || !frame.IsMasked)
                {
                    Close(CodeProtocol);
                    return;
                }
                _start += size;
                Touch();
                if (!await TakeAsync(frame))
                    return;
            }
            Tell(CodeLost);
        }
        catch (BadRequestException)
        {
            Tell(CodeLost);
        }
    }

    // False when reading is over.
    private async ValueTask<bool> TakeAsync(WebSocketFrame frame)
    {
        if (frame.IsControl)
            return await TakeControlAsync(frame);
        if ((frame.Opcode == WebSocketOpcode.Continuation) != (_messageKind != WebSocketOpcode.Continuation))
            return Close(CodeProtocol);
        if (_messageLength + frame.Length > _config.MaxMessage.Bytes)
            return Close(CodeTooLarge);
        if (frame.Opcode != WebSocketOpcode.Continuation)
            _messageKind = frame.Opcode;
        for (var taken = 0L; taken < frame.Length;)
        {
            if (!await FillAsync(1))
            {
                Tell(CodeLost);
                return false;
            }
            var count = (int)Math.Min(_end - _start, frame.Length - taken);
            var data = _buffer.AsSpan(_start, count);
            frame.ApplyMask(data, taken);
            if (_message.Length < _messageLength + count)
                Array.Resize(ref _message, Math.Max(_messageLength + count, _message.Length * 2));
            data.CopyTo(_message.AsSpan(_messageLength));
            _messageLength += count;
            _start += count;
            taken += count;
        }
        return !frame.IsFinal || await PassAsync();
    }

    private async ValueTask<bool> PassAsync()
    {
        var data = _message.AsMemory(0, _messageLength);
        var isText = _messageKind == WebSocketOpcode.Text;
        if (isText && !Utf8.IsValid(data.Span))
            return Close(CodeNotText);
        while (_ahead > 0 && _ahead + data.Length > MostAhead && !_isOver)
        {
            _credit.Begin(resumeInline: true);
            await _credit.Task;
        }
        _ahead += data.Length;
        if (!_isOver)
            _pool.Reply(_request, AnswerKind.Message, isText ? "t"u8.ToArray() : "b"u8.ToArray(), data);
        _messageLength = 0;
        _messageKind = WebSocketOpcode.Continuation;
        if (_message.Length > BufferBytes)
            _message = [];
        return true;
    }

    private async ValueTask<bool> TakeControlAsync(WebSocketFrame frame)
    {
        var length = (int)frame.Length;
        if (!await FillAsync(length))
        {
            Tell(CodeLost);
            return false;
        }
        var payload = _buffer.AsSpan(_start, length).ToArray();
        frame.ApplyMask(payload, 0);
        _start += length;
        switch (frame.Opcode)
        {
            case WebSocketOpcode.Ping:
                _request.Deliver(new AnswerPart(AnswerKind.Pong, default, payload), null);
                return true;
            case WebSocketOpcode.Pong:
                return true;
            default:
                var code = length < 2 ? CodeNone : BinaryPrimitives.ReadUInt16BigEndian(payload);
                if (length == 1 || (length > 1 && (!IsCode(code) || !Utf8.IsValid(payload.AsSpan(2)))))
                    return Close(CodeProtocol);
                // The same code goes back; an application that has ended first has sent its own.
                _request.Deliver(new AnswerPart(AnswerKind.Closing, default, payload.AsMemory(0, Math.Min(length, 2))), null);
                Tell(code, payload);
                return false;
        }
    }

    // Section 7.4: what may stand in a frame.
    private static bool IsCode(ushort code) => code is (>= CodeNormal and <= 1014 and not 1004 and not CodeNone and not CodeLost) or (>= 3000 and <= 4999);

    private bool Close(ushort code)
    {
        _request.Deliver(new AnswerPart(AnswerKind.Closing, default, Code(code)), null);
        Tell(code);
        return false;
    }

    // The application hears of the end; nothing follows.
    private void Tell(ushort code, ReadOnlyMemory<byte> payload = default)
    {
        if (!_isOver)
            _pool.Reply(_request, AnswerKind.Close, default, payload.Length >= 2 ? payload : Code(code));
    }

    private async ValueTask<bool> FillAsync(int wanted)
    {
        while (_end - _start < wanted)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }
            var count = await _client.ReadAsync(_buffer.AsMemory(_end));
            if (count == 0)
                return false;
            _end += count;
        }
        return true;
    }
}
