using Gatehouse.Net.Reactors;

namespace Gatehouse.Net.Transports;

/// <summary>The reads of a <see cref="TransportStream"/>.</summary>
internal sealed class StreamRead(Transport transport) : ReactorOperation<int>(transport.Reactor)
{
    private Memory<byte> _buffer;

    internal ValueTask<int> Read(Memory<byte> buffer, int timeout, CancellationToken cancellation)
    {
        Claim("read");
        _buffer = buffer;
        return Start(timeout, cancellation);
    }

    private protected override bool TryFinish(out int result)
    {
        var read = transport.Read(_buffer.Span);
        if (read.IsFailure)
            throw TransportStream.Broken(transport, "read from", read.Errno);
        result = read.Count;
        return !read.IsWouldBlock;
    }

    private protected override void Forget() => _buffer = default;

    private protected override Exception TimedOut(int milliseconds) =>
        new TimeoutException($"Expected bytes from {transport.RemoteEndpoint} within the read time-out of {milliseconds} ms; found none.");
}

/// <summary>The writes of a <see cref="TransportStream"/>.</summary>
internal sealed class StreamWrite(Transport transport) : ReactorOperation<int>(transport.Reactor)
{
    private ReadOnlyMemory<byte> _data;

    internal ValueTask Write(ReadOnlyMemory<byte> data, int timeout, CancellationToken cancellation)
    {
        Claim("write");
        _data = data;
        return StartVoid(timeout, cancellation);
    }

    private protected override bool TryFinish(out int result)
    {
        result = 0;
        while (!_data.IsEmpty)
        {
            var written = transport.Write(_data.Span);
            if (written.IsFailure)
                throw TransportStream.Broken(transport, "write to", written.Errno);
            if (written.IsWouldBlock)
                return false;
            _data = _data[written.Count..];
            Renew();
        }

        return true;
    }

    private protected override void Forget() => _data = default;

    private protected override Exception TimedOut(int milliseconds) => new TimeoutException(
        $"Expected {transport.RemoteEndpoint} to take bytes within the write time-out of {milliseconds} ms; it took none, and {_data.Length} are left.");
}
