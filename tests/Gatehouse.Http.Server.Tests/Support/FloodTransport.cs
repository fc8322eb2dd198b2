using Gatehouse.Net;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Http.Server.Tests.Support;

/// <summary>
/// A peer that is always faster: there is always more to read (a start, then the same bytes over and over), and every write is taken at once.
/// </summary>
internal sealed class FloodTransport(Reactor reactor, byte[] start, byte[] cycle) : Transport(reactor)
{
    private long _read;
    private long _written;
    private volatile bool _isClosed;

    public override Endpoint LocalEndpoint => default;

    public override Endpoint RemoteEndpoint => default;

    public override bool IsClosed => _isClosed;

    public long BytesRead => Volatile.Read(ref _read);

    public long BytesWritten => Volatile.Read(ref _written);

    /// <summary>Ends what can be read.</summary>
    public volatile bool Ends;

    public override IoResult Read(Span<byte> buffer)
    {
        if (_isClosed)
            return IoResult.Failure(Errno.BadDescriptor);
        if (Ends)
            return IoResult.EndOfStream;
        var at = _read;
        for (var i = 0; i < buffer.Length; i++, at++)
            buffer[i] = at < start.Length ? start[at] : cycle[(at - start.Length) % cycle.Length];
        Volatile.Write(ref _read, at);
        return IoResult.Done(buffer.Length);
    }

    public override IoResult Write(ReadOnlySpan<byte> data) => Take(data.Length);

    public override IoResult Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Take(first.Length + second.Length);

    public override IoResult SendFile(SafeFileHandle file, long offset, long count) => Take((int)count);

    public override void ShutdownWrite()
    {
    }

    public override void Close() => _isClosed = true;

    public override void Abort() => _isClosed = true;

    private IoResult Take(int count)
    {
        if (_isClosed)
            return IoResult.Failure(Errno.BadDescriptor);
        Volatile.Write(ref _written, _written + count);
        return IoResult.Done(count);
    }
}
