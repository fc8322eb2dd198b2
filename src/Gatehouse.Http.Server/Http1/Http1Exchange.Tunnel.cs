using Gatehouse.Net.Buffers;
using Gatehouse.Protocols;

namespace Gatehouse.Http.Server.Http1;

/// <summary>The switch of protocols: after the head of a 101 (or a 2xx to CONNECT) the connection carries raw bytes.</summary>
internal sealed partial class Http1Exchange
{
    private RawTunnel? _tunnel;

    public override async ValueTask<Duplex> UpgradeAsync()
    {
        if (Response.HasStarted)
            throw new InvalidOperationException("The answer has begun; the protocol can no longer be switched.");
        if (Response.Status != 101 && !(Request.Method == Method.Connect && Response.Status is >= 200 and < 300))
            throw new InvalidOperationException($"A switch of protocols is a 101, or a 2xx to CONNECT; found {Response.Status}.");
        if (Response.Status == 101 && !Request.AsksUpgrade)
            throw new InvalidOperationException("The client did not ask for another protocol (RFC 9110 section 7.8).");
        // The first byte of the new protocol follows the last of the request (RFC 9110 section 7.8).
        if (!Body.IsComplete)
            throw new BadRequestException("a request to switch protocols whose body was not read to its end");
        ThrowIfWriting();
        MarkStarted();
        KeepsAlive = false;
        await (Reactor.IsCurrent ? StartTunnel() ? default : WaitToWrite() : _writePost.Post(WriteKind.Upgrade, default, null, 0, 0, null));
        return _tunnel!;
    }

    private bool StartTunnel()
    {
        ThrowIfBroken();
        _isHeadWritten = true;
        IsAnswered = true;
        _hasNoBody = false;
        var connection = Response.Status == 101 ? "Connection: Upgrade\r\n"u8 : default;
        Http1ResponseHead.Write(_connection.Output, Response, _owner.Date, Reactor.Now, contentLength: -1, framing: default, connection);
        _tunnel = new RawTunnel(this);
        _connection.EnterTunnel();
        return FlushNow();
    }

    private bool TryReadTunnel(Span<byte> buffer, out int count)
    {
        _hasNews = false;
        var input = _connection.Input;
        if (input.Available > 0)
        {
            count = Math.Min(buffer.Length, input.Available);
            input.Unused[..count].CopyTo(buffer);
            input.Consume(count);
            return true;
        }
        _connection.ReleaseInput();
        var result = _connection.Read(buffer);
        if (result.IsFailure)
            throw new BadRequestException(499, Broke);
        HasClientEnded |= result.IsEndOfStream;
        count = result.Count;
        return !result.IsWouldBlock;
    }

    private bool WriteTunnel(ReadOnlyMemory<byte> data)
    {
        ThrowIfBroken();
        Response.BodyBytes += data.Length;
        if (data.Length <= OutputBuffer.CopyLimit)
            _connection.Output.Append(data.Span);
        else
            _connection.Output.Attach(data);
        return FlushNow();
    }

    private bool ShutdownTunnel()
    {
        ThrowIfBroken();
        _connection.Transport.ShutdownWrite();
        return true;
    }

    private ValueTask TunnelAsync(WriteKind kind, ReadOnlyMemory<byte> data)
    {
        ThrowIfWriting();
        if (!Reactor.IsCurrent)
            return _writePost.Post(kind, data, null, 0, 0, null);
        return (kind == WriteKind.Shutdown ? ShutdownTunnel() : WriteTunnel(data)) ? default : WaitToWrite();
    }

    private sealed class RawTunnel(Http1Exchange exchange) : Duplex
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer) => exchange.ReadAsync(buffer);

        public override int TryRead(Span<byte> buffer) => exchange.TryReadTunnel(buffer, out var count) ? count : -1;

        public override ValueTask WaitToReadAsync()
        {
            exchange.ThrowIfBroken();
            // What came since the last look woke nobody.
            if (exchange._hasNews)
                return default;
            exchange._read.Begin(resumeInline: true);
            exchange.AwaitReadable(default);
            return exchange._read.Completion;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> data) => exchange.TunnelAsync(WriteKind.TunnelData, data);

        public override ValueTask ShutdownWriteAsync() => exchange.TunnelAsync(WriteKind.Shutdown, default);

        public override void Abort() => exchange.Abort();
    }
}
