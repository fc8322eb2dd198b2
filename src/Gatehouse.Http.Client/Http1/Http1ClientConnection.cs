using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Client.Http1;

/// <summary>
/// One HTTP/1 connection to a server: a request is written to <see cref="Output"/> and flushed, then the response's head and body are read. A state
/// machine on its reactor with at most one wait to read and one to write; it belongs to one request from <see cref="ConnectionPool.TryRent"/> to
/// <see cref="Release"/>. No call blocks and, in the steady state, none allocates.
/// </summary>
public sealed class Http1ClientConnection : ITransportEvents, ITimerTarget, IAbortObserver, IDisposable
{
    private readonly ConnectionPool _pool;
    private readonly ReactorTimer _timer;
    private readonly ReactorWait<int> _read = new();
    private readonly ReactorWait<bool> _write = new();
    private readonly Http1BodyDecoder _body = new();
    private Transport _transport = null!;
    private InputBuffer _input = null!;
    private ReadStep _step;
    private Memory<byte> _destination;
    private int _errno;
    private bool _isIdle;
    private bool _isClosed;
    private bool _hasResponseByte;

    private Http1ClientConnection(ConnectionPool pool)
    {
        _pool = pool;
        _timer = new ReactorTimer(pool.Reactor, this);
        Response = new Http1ResponseParser(pool.Limits);
    }

    private enum ReadStep : byte
    {
        None,
        Connect,
        Head,
        Body,
        News,
    }

    /// <summary>The response's head, after <see cref="ReadHeadAsync"/>; its offsets are into <see cref="HeadBuffer"/>.</summary>
    public Http1ResponseParser Response { get; }

    /// <summary>The buffer that the response's head lies in, until the body is read to its end or the connection released.</summary>
    public byte[] HeadBuffer => _input.Buffer;

    /// <summary>Where the request is written; <see cref="FlushAsync"/> sends it.</summary>
    public OutputBuffer Output { get; private set; } = null!;

    /// <summary>True when this connection has carried a request before: the server may have closed it at the very moment it was used again.</summary>
    public bool IsReused { get; private set; }

    /// <summary>Counts the requests it has carried: who goes on using it beside the reading of a response finds out that its own is over.</summary>
    public int Generation { get; private set; }

    /// <summary>True when the response's body has been read to its end.</summary>
    public bool IsBodyComplete => _body.IsComplete;

    /// <summary>The fields behind a chunked body that has been read; null when there were none.</summary>
    public Protocols.Headers.HeaderTable? Trailers => _body.Trailers;

    /// <summary>Makes a connection for <paramref name="pool"/>.</summary>
    /// <exception cref="ClientException">It was refused or not made in time.</exception>
    internal static ValueTask<Http1ClientConnection> ConnectAsync(ConnectionPool pool)
    {
        var connection = new Http1ClientConnection(pool);
        return connection.ConnectCoreAsync();
    }

    /// <summary>Gets ready for a response to a request with that method.</summary>
    public void Begin(Method method)
    {
        Response.Reset(method);
        _hasResponseByte = false;
    }

    /// <summary>Sends what <see cref="Output"/> holds. Completes when attached bytes are free again and little is left in the buffer.</summary>
    /// <exception cref="ClientException">The connection broke, or the server did not take the bytes in time.</exception>
    public ValueTask FlushAsync()
    {
        if (_isClosed)
            throw new ClientException(ClientFault.Truncated, "the connection was closed");
        if (Output.Flush())
            return default;
        if (Output.Errno != 0)
        {
            // The server may have answered and closed without reading all of the request: the answer, if there is one, is found by reading.
            _errno = Output.Errno;
            return default;
        }
        _write.Begin(resumeInline: true);
        _timer.Arm((long)_pool.Timeouts.Idle.TotalMilliseconds);
        return _write.Completion;
    }

    /// <summary>Reads until the response's head is there (<see cref="Response"/>). An interim one counts: ask <see cref="Http1ResponseParser.IsInterim"/>, then <see cref="NextHead"/>.</summary>
    /// <exception cref="ClientException">The connection ended, or the head is malformed or late.</exception>
    public ValueTask<int> ReadHeadAsync()
    {
        var status = TryReadHead();
        return status == ParseStatus.NeedMore ? Wait(ReadStep.Head, default, _pool.Timeouts.FirstByte) : new ValueTask<int>(0);
    }

    /// <summary>Passes over an interim head, ready to read the next.</summary>
    public void NextHead(Method method)
    {
        _input.Unhold();
        Response.Reset(method);
    }

    /// <summary>
    /// The whole body, when it has a length and all of it has arrived with the head: a view that holds until <see cref="Release"/>. It counts as read.
    /// </summary>
    public bool TryTakeWhole(out ReadOnlyMemory<byte> body)
    {
        var length = Response.ContentLength;
        if (Response.BodyFraming != BodyFraming.Length || _body.Received > 0 || _input.Available < length)
        {
            body = default;
            return _body.IsComplete;
        }
        body = _input.Buffer.AsMemory(_input.Start, (int)length);
        _input.Consume((int)length);
        _body.Took((int)length);
        return true;
    }

    /// <summary>Reads of the body what is there, waiting for at least one byte; 0 at its end.</summary>
    /// <exception cref="ClientException">The connection ended inside the body, or the body is malformed or does not go on.</exception>
    public ValueTask<int> ReadBodyAsync(Memory<byte> destination)
    {
        var count = ReadAvailable(destination.Span);
        return count < 0 ? Wait(ReadStep.Body, destination, _pool.Timeouts.Idle) : new ValueTask<int>(count);
    }

    /// <summary>Reads of the body what is there without waiting: a count, 0 at its end, -1 when there is nothing yet.</summary>
    /// <exception cref="ClientException">The connection ended inside the body, or the body is malformed.</exception>
    public int TryReadBody(Span<byte> destination) => ReadAvailable(destination);

    /// <summary>Completes when <see cref="TryReadBody"/> is worth calling again.</summary>
    /// <exception cref="ClientException">The body does not go on in time.</exception>
    public ValueTask<int> WaitForBodyAsync() => Wait(ReadStep.News, default, _pool.Timeouts.Idle);

    /// <summary>Reads raw bytes behind the head of a 101 or a 2xx to CONNECT without waiting: a count, 0 at their end, -1 when there is nothing yet.</summary>
    /// <exception cref="ClientException">The connection broke.</exception>
    public int TryReadTunnel(Span<byte> destination)
    {
        if (_input.Available > 0)
        {
            var count = Math.Min(destination.Length, _input.Available);
            _input.Unused[..count].CopyTo(destination);
            _input.Consume(count);
            return count;
        }
        var result = _transport.Read(destination);
        if (result.IsWouldBlock)
            return -1;
        if (result.IsFailure)
            throw new ClientException(ClientFault.Truncated, $"{_pool.Endpoint} {How(result)}");
        return result.Count;
    }

    /// <summary>Completes when <see cref="TryReadTunnel"/> is worth calling again; whoever runs the tunnel sets its time limit.</summary>
    public ValueTask<int> WaitForTunnelAsync()
    {
        _timer.Disarm();
        _step = ReadStep.News;
        _read.Begin(resumeInline: true);
        return _read.Task;
    }

    /// <summary>Ends the sending side of a tunnel.</summary>
    public void ShutdownWrite() => _transport.ShutdownWrite();

    /// <summary>
    /// Gives the connection back: to rest when the response was read to its end and both sides keep it, else it is closed.
    /// </summary>
    public void Release()
    {
        Generation++;
        if (_isClosed)
            return;
        var isClean = _body.IsComplete && Response is { KeepAlive: true, IsTunnel: false, IsInterim: false, Status: > 0 }
            && !Output.HasPending && _errno == 0 && _input.Available == 0;
        if (!isClean || !_pool.TryKeep(this))
        {
            Dispose();
            return;
        }
        _input.Unhold();
        _isIdle = true;
        IsReused = true;
        _timer.Arm((long)_pool.Timeouts.KeepAlive.TotalMilliseconds);
    }

    /// <summary>Closes the connection; waits in progress end with a failure.</summary>
    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        Generation++;
        if (_isIdle)
            _pool.Forget(this);
        _isIdle = false;
        _timer.Release();
        _transport.Close();
        _input.Release();
        Output.Break(0);
        Fail(ClientFault.Truncated, "the connection was closed");
    }

    /// <summary>The client for whom this request is made went away: nobody wants the response.</summary>
    public void OnClientAborted() => Dispose();

    /// <inheritdoc/>
    public void OnReadable()
    {
        if (_isIdle)
        {
            // A server has nothing to say between requests: this is its end of the connection, or bytes that no response may start with.
            Dispose();
            return;
        }
        if (!_read.IsPending || _step is ReadStep.None or ReadStep.Connect)
            return;
        int count;
        try
        {
            switch (_step)
            {
                case ReadStep.Head:
                    if (TryReadHead() == ParseStatus.NeedMore)
                        return;
                    count = 0;
                    break;
                case ReadStep.Body:
                    count = ReadAvailable(_destination.Span);
                    break;
                default:
                    count = 0;
                    break;
            }
            if (count < 0)
                return;
        }
        catch (ClientException exception)
        {
            EndStep();
            _read.SetException(exception);
            return;
        }
        EndStep();
        _read.SetResult(count);
    }

    /// <inheritdoc/>
    public void OnWritable()
    {
        if (_step == ReadStep.Connect)
        {
            EndStep();
            _read.SetResult(0);
            return;
        }
        if (_isClosed || !_write.IsPending)
        {
            if (!_isClosed && Output.HasPending && !Output.Flush())
                _errno = Output.Errno;
            return;
        }
        if (!Output.Flush() && Output.Errno == 0)
        {
            _timer.Arm((long)_pool.Timeouts.Idle.TotalMilliseconds);
            return;
        }
        _errno = Output.Errno;
        if (_read.IsPending)
            _timer.Arm((long)_pool.Timeouts.FirstByte.TotalMilliseconds);
        _write.SetResult(true);
    }

    /// <inheritdoc/>
    public void OnBroken(int errno)
    {
        _errno = errno == 0 ? 104 : errno;
        if (_isIdle)
        {
            Dispose();
            return;
        }
        if (_step == ReadStep.Connect)
        {
            EndStep();
            _read.SetException(new ClientException(ClientFault.Connect, $"{_pool.Endpoint} does not accept the connection: {Describe(errno)}"));
            return;
        }
        Output.Break(_errno);
        if (_write.IsPending)
            _write.SetResult(true);
        OnReadable();
    }

    /// <inheritdoc/>
    public void OnTimer()
    {
        if (_isIdle)
        {
            Dispose();
            return;
        }
        if (_write.IsPending)
        {
            _write.SetException(new ClientException(ClientFault.SendTimeout, $"{_pool.Endpoint} took no byte of the request for {_pool.Timeouts.Idle.TotalSeconds:0.###} s"));
            return;
        }
        if (!_read.IsPending)
            return;
        var (fault, message) = _step switch
        {
            ReadStep.Connect => (ClientFault.ConnectTimeout, $"{_pool.Endpoint} did not accept the connection within {_pool.Timeouts.Connect.TotalSeconds:0.###} s"),
            ReadStep.Head => (ClientFault.ResponseTimeout, $"{_pool.Endpoint} sent no response within {_pool.Timeouts.FirstByte.TotalSeconds:0.###} s"),
            _ => (ClientFault.BodyTimeout, $"{_pool.Endpoint} sent nothing more of its response for {_pool.Timeouts.Idle.TotalSeconds:0.###} s"),
        };
        EndStep();
        _read.SetException(new ClientException(fault, message));
    }

    /// <summary>Taken out of the pool.</summary>
    internal void Leave() => _isIdle = false;

    private static string Describe(int errno) => new System.ComponentModel.Win32Exception(errno).Message;

    private async ValueTask<Http1ClientConnection> ConnectCoreAsync()
    {
        _step = ReadStep.Connect;
        _read.Begin(resumeInline: true);
        _timer.Arm((long)_pool.Timeouts.Connect.TotalMilliseconds);
        _transport = Connector.Connect(_pool.Reactor, _pool.Endpoint, this);
        _input = new InputBuffer(_transport);
        Output = new OutputBuffer(_transport);
        try
        {
            await _read.Task;
        }
        catch (ClientException)
        {
            Dispose();
            throw;
        }
        return this;
    }

    private ValueTask<int> Wait(ReadStep step, Memory<byte> destination, TimeSpan time)
    {
        _step = step;
        _destination = destination;
        _timer.Arm((long)time.TotalMilliseconds);
        _read.Begin(resumeInline: true);
        return _read.Task;
    }

    private void EndStep()
    {
        _step = ReadStep.None;
        _destination = default;
    }

    private ParseStatus TryReadHead()
    {
        while (true)
        {
            if (_input.Available > 0)
            {
                var status = Response.Parse(_input.Buffer, _input.Start, _input.End, out var headEnd);
                if (status == ParseStatus.Failed)
                    throw new ClientException(ClientFault.BadResponse, $"{_pool.Endpoint} sent a malformed response: {Response.Error!.Message}");
                if (status == ParseStatus.Done)
                {
                    _input.Hold(headEnd);
                    if (!Response.IsInterim)
                        _body.Begin(Response.BodyFraming, Response.ContentLength, _pool.Limits);
                    return status;
                }
            }
            var result = _input.Fill(out var moved);
            if (moved != 0)
                Response.Rebase(_input.Buffer, moved);
            if (result.IsWouldBlock)
                return ParseStatus.NeedMore;
            if (!result.IsDone)
            {
                throw _hasResponseByte
                    ? new ClientException(ClientFault.Truncated, $"{_pool.Endpoint} ended the connection inside the response's head")
                    : new ClientException(ClientFault.ClosedBeforeResponse, $"{_pool.Endpoint} {How(result)} before the first byte of a response");
            }
            _hasResponseByte = true;
        }
    }

    private int ReadAvailable(Span<byte> destination)
    {
        while (!_body.IsComplete && !destination.IsEmpty)
        {
            if (_input.Available > 0)
            {
                var taken = _body.Take(_input.Unused, destination, out var consumed);
                _input.Consume(consumed);
                if (taken < 0)
                    throw new ClientException(ClientFault.BadResponse, $"{_pool.Endpoint} sent a malformed body: {_body.Error!.Message}");
                if (taken > 0)
                    return taken;
                continue;
            }
            var direct = _body.DirectLimit(destination.Length);
            var result = direct > 0 ? _transport.Read(destination[..direct]) : FillBody();
            if (result.IsWouldBlock)
                return -1;
            if (result.IsEndOfStream && _body.TryEnd())
                return 0;
            if (!result.IsDone)
                throw new ClientException(ClientFault.Truncated, $"{_pool.Endpoint} {How(result)} after {_body.Received} bytes of the response's body");
            if (direct == 0)
                continue;
            _body.Took(result.Count);
            return result.Count;
        }
        return 0;
    }

    private IoResult FillBody()
    {
        var before = _input.Buffer;
        var result = _input.Fill(out var moved);
        if (moved != 0 || !ReferenceEquals(before, _input.Buffer))
            Response.Rebase(_input.Buffer, moved);
        return result;
    }

    private void Fail(ClientFault fault, string message)
    {
        if (_write.IsPending)
            _write.SetException(new ClientException(fault, message));
        if (!_read.IsPending)
            return;
        EndStep();
        _read.SetException(new ClientException(fault, message));
    }

    private static string How(IoResult result) => result.IsEndOfStream ? "ended the connection" : $"broke the connection ({Describe(result.Errno)})";
}
