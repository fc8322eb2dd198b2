using System.Buffers;
using Gatehouse.Http;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Cgi;
using Gatehouse.Protocols.FastCgi;
using Gatehouse.Protocols.Headers;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Gateways.FastCgi.Responder;

/// <summary>
/// One request that a web server has sent over FastCGI, and its answer. The web server's own client is <see cref="Exchange.RemoteEndpoint"/>. That the client
/// went away is noticed at the next read or write.
/// </summary>
public sealed class FastCgiExchange : Exchange
{
    private const int PieceLength = 32 * 1024;

    private readonly FastCgiServerConnection _connection;
    private readonly FastCgiServerOptions _options;
    private readonly ArrayBufferWriter<byte> _params = new();
    private readonly FastCgiRequestHead _head;
    private CancellationTokenSource? _aborted;
    private bool _isAborted;
    private bool _isAnswered;
    private bool _isHeadWritten;
    private long _received;

    internal FastCgiExchange(FastCgiServerConnection connection, FastCgiServerOptions options)
    {
        _connection = connection;
        _options = options;
        _head = new FastCgiRequestHead(Variables);
    }

    /// <summary>The variables as the web server sent them (RFC 3875 section 4.1, and its own).</summary>
    public CgiVariables Variables { get; } = new();

    /// <inheritdoc/>
    public override Endpoint RemoteEndpoint => _head.EndpointOf("REMOTE_ADDR"u8, "REMOTE_PORT"u8);

    /// <inheritdoc/>
    public override Endpoint LocalEndpoint => _head.EndpointOf("SERVER_ADDR"u8, "SERVER_PORT"u8);

    /// <inheritdoc/>
    public override CancellationToken Aborted
    {
        get
        {
            _aborted ??= new CancellationTokenSource();
            if (_isAborted)
                _aborted.Cancel();
            return _aborted.Token;
        }
    }

    /// <inheritdoc/>
    public override bool IsAborted => _isAborted;

    /// <summary>True when the answer was given up: the connection must end, or it would pass for a whole one.</summary>
    internal bool WasDropped { get; private set; }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        try
        {
            var count = await _connection.ReadBodyAsync(buffer);
            if (count < 0)
                throw GiveUp("the web server gave the request up");
            _received += count;
            return _received <= BodyLimit ? count : throw new BadRequestException(413, $"the request's body is longer than the {BodyLimit} bytes that it may have");
        }
        catch (TimeoutException exception)
        {
            throw new BadRequestException(408, $"the web server sent nothing more of the request's body: {exception.Message}");
        }
        catch (IOException exception)
        {
            throw GiveUp(exception.Message);
        }
    }

    /// <summary>Does nothing: an answer over FastCGI has no interim ones before it.</summary>
    public override ValueTask SendInterimAsync(int status, HeaderList headers) => default;

    /// <summary>Fails: FastCGI carries requests and answers, and no connection behind them.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public override ValueTask<Duplex> UpgradeAsync() => throw new NotSupportedException("FastCGI cannot switch to another protocol.");

    /// <inheritdoc/>
    public override void Abort()
    {
        WasDropped = true;
        SetAborted();
    }

    internal void BeginParams() => _params.ResetWrittenCount();

    internal bool TryAddParams(ReadOnlySpan<byte> pairs)
    {
        if (_params.WrittenCount + pairs.Length > _options.ParamsBytes)
            return false;
        _params.Write(pairs);
        return true;
    }

    /// <summary>Has the handler answer the request whose variables have come, to its end.</summary>
    internal async Task RunAsync(IHandler handler)
    {
        Begin();
        try
        {
            if (!_head.TryFill(_params.WrittenSpan, Request) || !Request.TryNormalizePath())
                throw new BadRequestException("the web server's variables are malformed, or name a path that cannot be decoded or leaves the root");
            Request.Client = RemoteEndpoint;
            await handler.HandleAsync(this);
            await EndAsync();
        }
        catch (BadRequestException exception)
        {
            Notes.Failure ??= exception.Message;
            await FailAsync(exception.Status);
        }
        catch (Exception exception)
        {
            Notes.Failure ??= exception.Message;
            if (!_isAborted)
                _options.HandlerFailed?.Invoke(exception);
            await FailAsync(500);
        }
        TellObservers();
    }

    /// <inheritdoc/>
    protected override async ValueTask WriteCoreAsync(ReadOnlyMemory<byte> data, bool end)
    {
        if (_isAnswered)
            return;
        if (_isAborted)
            throw GiveUp("the web server's connection broke");
        if (Request.Method == Method.Head || Response.Status is 204 or 304)
            data = default;
        var buffer = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            do
            {
                var at = 0;
                if (!_isHeadWritten)
                    at = WriteHead(ref buffer);
                var count = Math.Min(data.Length, PieceLength - (4 * FastCgiRecord.HeadLength));
                if (buffer.Length - at < count + (4 * FastCgiRecord.HeadLength))
                    count = 0;
                if (count > 0)
                {
                    new FastCgiRecord(FastCgiRecordType.Stdout, _connection.RequestId, count, 0).Write(buffer.AsSpan(at));
                    data.Span[..count].CopyTo(buffer.AsSpan(at + FastCgiRecord.HeadLength));
                    at += FastCgiRecord.HeadLength + count;
                    data = data[count..];
                    Response.BodyBytes += count;
                }
                if (end && data.IsEmpty)
                    at += WriteEnd(buffer.AsSpan(at));
                await FlushAsync(buffer.AsMemory(0, at));
            }
            while (!data.IsEmpty);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        _isAnswered |= end;
    }

    /// <inheritdoc/>
    protected override async ValueTask SendFileCoreAsync(SafeFileHandle file, long offset, long count)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            while (count > 0)
            {
                var read = await RandomAccess.ReadAsync(file, buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), offset);
                if (read == 0)
                    throw new EndOfStreamException($"The file ended {count} bytes before the length that was announced.");
                await WriteCoreAsync(buffer.AsMemory(0, read), end: false);
                offset += read;
                count -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Begin()
    {
        ResetExchange();
        StartedAt = System.Diagnostics.Stopwatch.GetTimestamp();
        BodyLimit = _options.BodyLimit;
        BodyTime = _options.Timeout;
        _aborted = null;
        _isAborted = _isAnswered = _isHeadWritten = WasDropped = false;
        _received = 0;
    }

    private async ValueTask EndAsync()
    {
        if (_isAnswered || WasDropped)
            return;
        if (Response is { HasStarted: false, Status: >= 400 })
            await SendPageAsync(Response.Status);
        else
            await CompleteAsync();
    }

    private async ValueTask FailAsync(int status)
    {
        if (_isAnswered)
            return;
        if (_isAborted || Response.HasStarted)
        {
            WasDropped = true;
            return;
        }
        Response.Reset();
        Response.Status = status == 499 ? 400 : status;
        try
        {
            await SendPageAsync(Response.Status);
        }
        catch (Exception exception) when (exception is IOException or BadRequestException or TimeoutException)
        {
            WasDropped = true;
        }
    }

    private ValueTask SendPageAsync(int status)
    {
        Response.HasStandInBody = true;
        Response.Headers.Set(KnownHeader.ContentType, "text/plain; charset=utf-8"u8);
        return SendAsync((byte[])[.. System.Text.Encoding.ASCII.GetBytes($"{status} "), .. StatusCodes.Reason(status), (byte)'\n']);
    }

    // The head as a script writes it, in records of its own.
    private int WriteHead(ref byte[] buffer)
    {
        _isHeadWritten = true;
        var head = FastCgiResponseHead.Make(Response);
        var records = (head.Length + FastCgiRecord.MaxContent - 1) / FastCgiRecord.MaxContent;
        var needed = head.Length + ((records + 3) * FastCgiRecord.HeadLength);
        if (buffer.Length < needed)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(needed);
        }
        var at = 0;
        for (var rest = head; rest.Length > 0;)
        {
            var part = rest[..Math.Min(rest.Length, FastCgiRecord.MaxContent)];
            new FastCgiRecord(FastCgiRecordType.Stdout, _connection.RequestId, part.Length, 0).Write(buffer.AsSpan(at));
            part.CopyTo(buffer.AsSpan(at + FastCgiRecord.HeadLength));
            at += FastCgiRecord.HeadLength + part.Length;
            rest = rest[part.Length..];
        }
        return at;
    }

    private int WriteEnd(Span<byte> room)
    {
        new FastCgiRecord(FastCgiRecordType.Stdout, _connection.RequestId, 0, 0).Write(room);
        new FastCgiEndRequest(0, FastCgiProtocolStatus.RequestComplete).Write(room[FastCgiRecord.HeadLength..], _connection.RequestId);
        return FastCgiRecord.HeadLength + FastCgiRecord.HeadLength + FastCgiEndRequest.Length;
    }

    private async ValueTask FlushAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _connection.Stream.WriteAsync(bytes);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            throw GiveUp(exception.Message);
        }
    }

    private BadRequestException GiveUp(string reason)
    {
        SetAborted();
        return new BadRequestException(499, reason);
    }

    private void SetAborted()
    {
        _isAborted = true;
        _aborted?.Cancel();
    }
}
