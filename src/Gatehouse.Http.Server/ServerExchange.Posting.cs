using Gatehouse.Net.Reactors;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Http.Server;

/// <summary>
/// Reads and writes asked for on other threads: the wait is begun there, the work done on the reactor, and the awaiter resumes on the pool. Once the wait
/// has ended the next may be asked for at any moment, so each takes its arguments out first; an idle exchange keeps nobody's memory either.
/// </summary>
internal abstract partial class ServerExchange
{
    private readonly PostedRead _readPost;
    private readonly PostedWrite _writePost;

    private enum WriteKind : byte
    {
        Data,
        LastData,
        File,
        Interim,
        Upgrade,
        TunnelData,
        Shutdown,
    }

    private bool PutInterim(int status, HeaderList headers)
    {
        StartInterim(status, headers);
        return true;
    }

    private sealed class PostedRead(ServerExchange exchange) : IReactorWork
    {
        private volatile bool _isQueued;
        private Memory<byte> _buffer;

        /// <summary>True from the call to its turn on the reactor: the wait is begun, but not yet for the transport.</summary>
        public bool IsQueued => _isQueued;

        public ValueTask<int> Post(Memory<byte> buffer)
        {
            _buffer = buffer;
            _isQueued = true;
            exchange._read.Begin(resumeInline: false);
            var task = exchange._read.Task;
            exchange.Reactor.Post(this);
            return task;
        }

        public void Run()
        {
            var buffer = _buffer;
            _buffer = default;
            _isQueued = false;
            try
            {
                exchange.ThrowIfBroken();
                if (exchange.TryRead(buffer.Span, out var count))
                    exchange._read.SetResult(count);
                else
                    exchange.AwaitReadable(buffer);
            }
            catch (BadRequestException exception)
            {
                exchange._read.SetException(exception);
            }
            exchange.ContinueEnd();
        }
    }

    private sealed class PostedWrite(ServerExchange exchange) : IReactorWork
    {
        private volatile bool _isQueued;
        private WriteKind _kind;
        private ReadOnlyMemory<byte> _data;
        private SafeFileHandle? _file;
        private long _first;
        private long _second;
        private HeaderList? _headers;

        /// <inheritdoc cref="PostedRead.IsQueued"/>
        public bool IsQueued => _isQueued;

        public ValueTask Post(WriteKind kind, ReadOnlyMemory<byte> data, SafeFileHandle? file, long first, long second, HeaderList? headers)
        {
            _kind = kind;
            _data = data;
            _file = file;
            _first = first;
            _second = second;
            _headers = headers;
            _isQueued = true;
            exchange._write.Begin(resumeInline: false);
            var task = exchange._write.Completion;
            exchange.Reactor.Post(this);
            return task;
        }

        public void Run()
        {
            var (data, file, headers) = (_data, _file, _headers);
            _data = default;
            _file = null;
            _headers = null;
            _isQueued = false;
            try
            {
                var isDone = _kind switch
                {
                    WriteKind.Interim => exchange.PutInterim((int)_first, headers!),
                    WriteKind.File => exchange.StartFile(file!, _first, _second),
                    WriteKind.Upgrade => exchange.StartTunnel(),
                    WriteKind.TunnelData => exchange.WriteTunnel(data),
                    WriteKind.Shutdown => exchange.ShutdownTunnel(),
                    _ => exchange.StartWrite(data, _kind == WriteKind.LastData),
                };
                if (isDone)
                    exchange._write.SetResult(true);
                else
                    exchange.ThrowIfBroken();
            }
            catch (Exception exception)
            {
                exchange._write.SetException(exception);
            }
            exchange.ContinueEnd();
        }
    }
}
