using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Net.Files;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Edge.Relay;

/// <summary>
/// Stands between a target and a client that does not keep up: one loop reads the response as fast as the target sends it, into memory and beyond a bound
/// into a file; the other sends it on. The target is free long before the client has everything. Both loops run on one reactor, so nothing is locked. A disk that
/// does not take the file costs that freedom and nothing more: the reading then waits for the client.
/// </summary>
public sealed class RelaySpool
{
    // A part of a file is at most one chunk of a chunked body, whose size is an int.
    private const long MaxFilePart = 1 << 30;

    private readonly Exchange _exchange;
    private readonly IResponseSource _source;
    private readonly Buffering _buffering;
    private readonly Queue<(byte[] Buffer, int Count)> _memory = new();
    private readonly ReactorWait<bool> _data = new();
    private readonly ReactorWait<bool> _room = new();
    private readonly BufferPool _buffers = Reactor.Current!.Buffers;
    private SpoolFile? _file;
    private Task _sending = Task.CompletedTask;
    private long _inMemory;
    private long _sentOfFile;
    private bool _isAppending;
    private bool _isEnded;
    private bool _isStopped;
    private bool _isDiskless;
    private ClientException? _failure;

    internal RelaySpool(Exchange exchange, IResponseSource source, Buffering buffering)
    {
        _exchange = exchange;
        _source = source;
        _buffering = buffering;
    }

    private long WaitingInFile => _file is null ? 0 : _file.Length - _sentOfFile;

    /// <summary>
    /// Takes over while <paramref name="pending"/>, the send of <paramref name="held"/>, waits for the client; completes when the response is read to its end, or
    /// nobody wants it any more.
    /// </summary>
    /// <exception cref="ClientException">The response broke off.</exception>
    internal async ValueTask CollectAsync(ValueTask pending, byte[] held)
    {
        _sending = SendAllAsync(pending, held);
        await ReadAsync();
        if (_failure is not null)
            await FinishAsync();
    }

    /// <summary>Completes when the client has everything.</summary>
    /// <exception cref="BadRequestException">The client went away.</exception>
    public async ValueTask FinishAsync()
    {
        try
        {
            await _sending;
        }
        finally
        {
            while (_memory.TryDequeue(out var chunk))
                _buffers.Return(chunk.Buffer);
            _file?.Dispose();
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            while (!_isStopped)
            {
                var buffer = _buffers.RentLarge();
                var count = _source.TryReadBody(buffer);
                if (count > 0)
                {
                    await KeepAsync(buffer, count);
                    _data.SetResult(true);
                    continue;
                }
                _buffers.Return(buffer);
                if (count == 0)
                    break;
                await _source.WaitForBodyAsync();
            }
            ResponseRelay.CopyTrailers(_exchange, _source);
        }
        catch (ClientException exception)
        {
            _failure = exception;
        }
        _isEnded = true;
        _data.SetResult(true);
    }

    // Memory first; once the file is in use everything goes there until it has been sent, so that the order holds. When nothing waits, a buffer is taken
    // whatever the bounds are: the smallest of them must not bring everything to a stop.
    private async ValueTask KeepAsync(byte[] buffer, int count)
    {
        while (!_isStopped)
        {
            if (WaitingInFile == 0 && (_inMemory == 0 || _inMemory + count <= _buffering.Memory))
            {
                _memory.Enqueue((buffer, count));
                _inMemory += count;
                return;
            }
            if (!_isDiskless && (_file?.Length ?? 0) + count <= _buffering.Disk)
            {
                if (!await TryAppendAsync(buffer.AsMemory(0, count)))
                    continue;
                _buffers.Return(buffer);
                return;
            }
            _room.Begin(resumeInline: true);
            await _room.Task;
        }
        _buffers.Return(buffer);
    }

    private async ValueTask<bool> TryAppendAsync(ReadOnlyMemory<byte> data)
    {
        _isAppending = true;
        try
        {
            _file ??= SpoolFile.Create();
            await _file.AppendAsync(data);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _exchange.Notes.Failure ??= $"the response could not be kept on disk for a slow client: {exception.Message}";
            _isDiskless = true;
            return false;
        }
        finally
        {
            _isAppending = false;
        }
    }

    private async Task SendAllAsync(ValueTask pending, byte[] held)
    {
        try
        {
            try
            {
                await pending;
            }
            finally
            {
                _buffers.Return(held);
            }
            while (await SendNextAsync())
                _room.SetResult(true);
            await _exchange.CompleteAsync();
        }
        finally
        {
            // Whatever ended the sending, the reading has nothing left to read for.
            _isStopped = true;
            if (!_isEnded)
                _source.Dispose();
            _room.SetResult(true);
        }
    }

    // False when everything has been sent.
    private async ValueTask<bool> SendNextAsync()
    {
        if (_failure is not null)
            throw _failure;
        if (_memory.TryDequeue(out var chunk))
        {
            try
            {
                await _exchange.WriteAsync(chunk.Buffer.AsMemory(0, chunk.Count));
            }
            finally
            {
                _inMemory -= chunk.Count;
                _buffers.Return(chunk.Buffer);
            }
        }
        else if (WaitingInFile > 0)
        {
            var count = Math.Min(WaitingInFile, MaxFilePart);
            await _exchange.SendFileAsync(_file!.Handle, _sentOfFile, count);
            _sentOfFile += count;
            if (WaitingInFile == 0 && !_isAppending)
            {
                // All of it has been sent: the next overflow starts a new file, so that the bound is on what waits.
                _file.Dispose();
                _file = null;
                _sentOfFile = 0;
            }
        }
        else if (_isEnded)
        {
            return false;
        }
        else
        {
            _data.Begin(resumeInline: true);
            await _data.Task;
        }
        return true;
    }
}
