using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Net.Files;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Edge.Proxy;

/// <summary>
/// Stands between a target and a client that does not keep up: one loop reads the response as fast as the target sends it, into memory and beyond a bound
/// into a file; the other sends it on. The target is free long before the client has everything. Both loops run on one reactor, so nothing is locked.
/// </summary>
internal sealed class RelaySpool(Exchange exchange, Http1ClientConnection connection, ProxyRules rules)
{
    private readonly Queue<(byte[] Buffer, int Count)> _memory = new();
    private readonly ReactorWait<bool> _data = new();
    private readonly ReactorWait<bool> _room = new();
    private readonly BufferPool _buffers = Reactor.Current!.Buffers;
    private SpoolFile? _file;
    private long _inMemory;
    private long _sentOfFile;
    private bool _isAppending;
    private bool _isEnded;
    private bool _isStopped;
    private ClientException? _failure;

    /// <summary>Takes over while <paramref name="pending"/>, the send of <paramref name="held"/>, waits for the client; completes when the answer is sent.</summary>
    public async ValueTask RunAsync(ValueTask pending, byte[] held)
    {
        var reading = ReadAsync();
        try
        {
            await SendAsync(pending, held);
        }
        finally
        {
            // Whatever ended the sending, the reading has nothing left to read for.
            _isStopped = true;
            if (!_isEnded)
                connection.Dispose();
            _room.SetResult(true);
            await reading;
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
                var count = connection.TryReadBody(buffer);
                if (count > 0)
                {
                    await KeepAsync(buffer, count);
                    _data.SetResult(true);
                    continue;
                }
                _buffers.Return(buffer);
                if (count == 0)
                    break;
                await connection.WaitForBodyAsync();
            }
        }
        catch (ClientException exception)
        {
            _failure = exception;
        }
        catch (IOException exception)
        {
            _failure = new ClientException(ClientFault.Truncated, $"the response could not be kept on disk for a slow client: {exception.Message}", exception);
        }
        _isEnded = true;
        _data.SetResult(true);
    }

    // Memory first; once the file is in use everything goes there until it has been sent, so that the order holds.
    private async ValueTask KeepAsync(byte[] buffer, int count)
    {
        var fileWaits = _file is not null && _sentOfFile < _file.Length;
        if (!fileWaits && _inMemory + count <= rules.BufferMemory)
        {
            _memory.Enqueue((buffer, count));
            _inMemory += count;
            return;
        }
        _file ??= SpoolFile.Create();
        while (_file.Length + count > rules.BufferDisk && !_isStopped)
        {
            _room.Begin(resumeInline: true);
            await _room.Task;
        }
        try
        {
            _isAppending = true;
            if (!_isStopped)
                await _file.AppendAsync(buffer.AsMemory(0, count));
        }
        finally
        {
            _isAppending = false;
            _buffers.Return(buffer);
        }
    }

    private async ValueTask SendAsync(ValueTask pending, byte[] held)
    {
        try
        {
            await pending;
        }
        finally
        {
            _buffers.Return(held);
        }
        while (true)
        {
            if (_failure is not null)
                throw _failure;
            if (_memory.TryDequeue(out var chunk))
            {
                try
                {
                    await exchange.WriteAsync(chunk.Buffer.AsMemory(0, chunk.Count));
                }
                finally
                {
                    _inMemory -= chunk.Count;
                    _buffers.Return(chunk.Buffer);
                }
            }
            else if (_file is not null && _sentOfFile < _file.Length)
            {
                var count = _file.Length - _sentOfFile;
                await exchange.SendFileAsync(_file.Handle, _sentOfFile, count);
                _sentOfFile += count;
                if (_sentOfFile == _file.Length && !_isAppending)
                {
                    // All of it has been sent: the next overflow starts a new file, so that the bound is on what waits.
                    _file.Dispose();
                    _file = null;
                    _sentOfFile = 0;
                }
                _room.SetResult(true);
            }
            else if (_isEnded)
            {
                ProxyResponseBody.CopyTrailers(exchange, connection);
                await exchange.CompleteAsync();
                return;
            }
            else
            {
                _data.Begin(resumeInline: true);
                await _data.Task;
            }
        }
    }
}
