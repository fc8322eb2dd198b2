using Gatehouse.Net.Buffers;

namespace Gatehouse.Http.Server.Http1;

/// <summary>The switch of protocols: after the head of a 101 (or a 2xx to CONNECT) the connection carries raw bytes.</summary>
internal sealed partial class Http1Exchange
{
    protected override void CheckUpgrade()
    {
        // The first byte of the new protocol follows the last of the request (RFC 9110 section 7.8).
        if (!Body.IsComplete)
            throw new BadRequestException("a request to switch protocols whose body was not read to its end");
    }

    protected override bool SendTunnelHead()
    {
        KeepsAlive = false;
        var connection = Response.Status == 101 ? "Connection: Upgrade\r\n"u8 : default;
        Http1ResponseHead.Write(_connection.Output, Response, Owner.Date, Reactor.Now, contentLength: -1, framing: default, connection);
        _connection.EnterTunnel();
        return FlushNow();
    }

    protected override bool TryReadTunnel(Span<byte> buffer, out int count)
    {
        HasNews = false;
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

    protected override bool WriteTunnel(ReadOnlyMemory<byte> data)
    {
        ThrowIfBroken();
        Response.BodyBytes += data.Length;
        if (data.Length <= OutputBuffer.CopyLimit)
            _connection.Output.Append(data.Span);
        else
            _connection.Output.Attach(data);
        return FlushNow();
    }

    protected override bool ShutdownTunnel()
    {
        ThrowIfBroken();
        _connection.Transport.ShutdownWrite();
        return true;
    }
}
