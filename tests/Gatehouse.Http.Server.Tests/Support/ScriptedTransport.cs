using System.Buffers;
using Gatehouse.Net;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Http.Server.Tests.Support;

/// <summary>
/// A transport that is played on the reactor, without a peer: gives its pieces one by one, each after an edge, then the end; keeps what is written, and
/// counts calls. All on the stack of the test's function, so that what happens is the same each time.
/// </summary>
internal sealed class ScriptedTransport(Reactor reactor, IReadOnlyList<ReadOnlyMemory<byte>> pieces) : Transport(reactor)
{
    private readonly ArrayBufferWriter<byte> _written = new();
    private int _piece;
    private int _at;
    private bool _isClosed;

    public override Endpoint LocalEndpoint => default;

    public override Endpoint RemoteEndpoint => default;

    public override bool IsClosed => _isClosed;

    public byte[] Written => _written.WrittenSpan.ToArray();

    public int Writes { get; private set; }

    public int Reads { get; private set; }

    /// <summary>True while no write is taken.</summary>
    public bool IsFull { get; set; }

    /// <summary>Gives the driver the connection and every piece; afterwards it is closed, or the driver waits for something else.</summary>
    public void Play(HttpServer server)
    {
        server.Accept(this);
        while (!_isClosed && _piece < pieces.Count)
        {
            _piece++;
            _at = 0;
            Events!.OnReadable();
        }
    }

    public override IoResult Read(Span<byte> buffer)
    {
        Reads++;
        if (_isClosed)
            return IoResult.Failure(Errno.BadDescriptor);
        if (_piece == pieces.Count)
            return IoResult.EndOfStream;
        var left = pieces[_piece].Span[_at..];
        if (left.IsEmpty)
            return IoResult.WouldBlock;
        var count = Math.Min(left.Length, buffer.Length);
        left[..count].CopyTo(buffer);
        _at += count;
        return IoResult.Done(count);
    }

    public override IoResult Write(ReadOnlySpan<byte> data)
    {
        Writes++;
        if (_isClosed)
            return IoResult.Failure(Errno.BadDescriptor);
        if (IsFull)
            return IoResult.WouldBlock;
        _written.Write(data);
        return IoResult.Done(data.Length);
    }

    public override IoResult Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => Write([.. first, .. second]);

    public override IoResult SendFile(SafeFileHandle file, long offset, long count) => throw new NotSupportedException();

    public override void ShutdownWrite()
    {
    }

    public override void Close() => _isClosed = true;

    public override void Abort() => _isClosed = true;
}
