using Gatehouse.Net.Interop;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Net.Processes;

/// <summary>One end of a pipe. The direction that a pipe does not have is one that has ended: reads of a writer give the end, writes to a reader fail.</summary>
internal sealed class PipeTransport : Transport, IReactorSource
{
    private readonly int _descriptor;
    private readonly bool _isReader;
    private readonly ulong _data;
    private bool _isWatched;
    private bool _waits;
    private bool _isClosed;

    /// <summary>Owns <paramref name="descriptor"/>.</summary>
    internal PipeTransport(Reactor reactor, int descriptor, bool isReader)
        : base(reactor)
    {
        _descriptor = descriptor;
        _isReader = isReader;
        _data = reactor.AddSource(this);
        DescriptorCalls.SetNonBlocking(descriptor);
    }

    /// <inheritdoc/>
    public override Endpoint LocalEndpoint => default;

    /// <inheritdoc/>
    public override Endpoint RemoteEndpoint => default;

    /// <inheritdoc/>
    public override bool IsClosed => _isClosed;

    object? IReactorSource.Owner => Events;

    /// <inheritdoc/>
    public override IoResult Read(Span<byte> buffer)
    {
        if (_isClosed)
            return IoResult.Failure(Errno.BadDescriptor);
        if (!_isReader)
            return IoResult.EndOfStream;
        return _waits ? IoResult.WouldBlock : After(DescriptorCalls.Read(_descriptor, buffer));
    }

    /// <inheritdoc/>
    public override void Watch()
    {
        if (!_isClosed && !_isWatched)
            BeginWatch();
    }

    /// <inheritdoc/>
    public override IoResult Write(ReadOnlySpan<byte> data)
    {
        if (_isClosed)
            return IoResult.Failure(Errno.BadDescriptor);
        if (_isReader)
            return IoResult.Failure(Errno.AfterShutdown);
        if (_waits)
            return IoResult.WouldBlock;
        var result = DescriptorCalls.Write(_descriptor, data);
        return result.IsDone && result.Count < data.Length ? AfterShort(result) : After(result);
    }

    /// <inheritdoc/>
    public override IoResult Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (first.IsEmpty)
            return Write(second);
        var result = Write(first);
        if (second.IsEmpty || !result.IsDone || result.Count < first.Length)
            return result;
        var rest = Write(second);
        return IoResult.Done(result.Count + (rest.IsDone ? rest.Count : 0));
    }

    /// <inheritdoc/>
    public override IoResult SendFile(SafeFileHandle file, long offset, long count)
    {
        if (_isClosed)
            return IoResult.Failure(Errno.BadDescriptor);
        if (_isReader)
            return IoResult.Failure(Errno.AfterShutdown);
        return _waits ? IoResult.WouldBlock : After(SocketCalls.SendFile(_descriptor, (int)file.DangerousGetHandle(), offset, count));
    }

    /// <inheritdoc/>
    public override void ShutdownWrite()
    {
        // A pipe has one direction: ending it is closing it.
        if (!_isReader)
            Close();
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        Reactor.RemoveSource(_data);
        SocketCalls.Close(_descriptor);
    }

    /// <inheritdoc/>
    public override void Abort() => Close();

    void IReactorSource.OnEvents(uint events)
    {
        _waits = false;
        if (_isReader)
            Events?.OnReadable();
        else if ((events & EpollSet.Error) != 0)
            Events?.OnBroken(Errno.BrokenPipe);
        else
            Events?.OnWritable();
    }

    void IReactorSource.OnReactorEnded()
    {
        Close();
        Events?.OnBroken(Errno.Canceled);
    }

    private IoResult After(IoResult result)
    {
        if (!result.IsWouldBlock)
            return result;
        return AfterShort(result);
    }

    private IoResult AfterShort(IoResult result)
    {
        _waits = true;
        var errno = _isWatched ? 0 : BeginWatch();
        return errno == 0 ? result : IoResult.Failure(errno);
    }

    private int BeginWatch()
    {
        var errno = Reactor.Watch(_descriptor, (_isReader ? EpollSet.Readable : EpollSet.Writable) | EpollSet.EdgeTriggered, _data);
        _isWatched = errno == 0;
        return errno;
    }
}
