using System.Globalization;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Client.Exchanges;

/// <summary>
/// What a body is written to: frames it by its length or in chunks, and hands it to the connection on its reactor. A write completes when the connection has
/// taken the bytes: back-pressure. One write at a time, as streams have it.
/// </summary>
internal sealed class RequestStream : UnseekableStream
{
    // Up to here data is copied behind its chunk's head and goes out with it in one system call.
    private const int CopyLimit = 16 * 1024;

    private readonly Http1ClientConnection _connection;
    private readonly Reactor _reactor;
    private readonly ClientTiming _timing;
    private readonly int _generation;
    private readonly long? _length;
    private long _written;

    /// <summary>On the connection's reactor.</summary>
    public RequestStream(Http1ClientConnection connection, Reactor reactor, long? length, ClientTiming timing)
    {
        _connection = connection;
        _reactor = reactor;
        _generation = connection.Generation;
        _length = length;
        _timing = timing;
    }

    public override bool CanWrite => true;

    /// <summary>Ends the body. On any thread.</summary>
    /// <exception cref="InvalidOperationException">Fewer bytes were written than was announced.</exception>
    public async ValueTask CompleteAsync()
    {
        if (_length is { } length)
        {
            if (_written != length)
                throw new InvalidOperationException(Invariant($"The request's body ended after {_written} bytes; expected the {length} that were announced."));
            // An empty one has had no write that ended it.
            if (length > 0)
                return;
        }
        await ReactorSwitch.To(_reactor);
        CheckOpen();
        if (_length is null)
        {
            _connection.Output.Append(Http1Writer.LastChunk);
            await _connection.FlushAsync();
        }
        EndRequest();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return;
        if (buffer.Length > _length - _written)
        {
            throw new InvalidOperationException(
                Invariant($"The request's body goes on after {_written} bytes with {buffer.Length} more; expected the {_length} that were announced."));
        }
        var wasElsewhere = !_reactor.IsCurrent;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ReactorSwitch.To(_reactor);
            CheckOpen();
            await SendAsync(buffer);
            _written += buffer.Length;
            if (_written == _length)
                EndRequest();
        }
        finally
        {
            // Back to the pool: who writes may block.
            if (wasElsewhere)
                await Task.Yield();
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private ValueTask SendAsync(ReadOnlyMemory<byte> data)
    {
        var output = _connection.Output;
        if (_length is null)
            WriteChunkHead(data.Length);
        if (data.Length > CopyLimit)
        {
            output.Attach(data);
            return _length is null ? SendAndEndChunkAsync() : _connection.FlushAsync();
        }
        output.Append(data.Span);
        if (_length is null)
            output.Append(Http1Writer.LineEnd);
        return _connection.FlushAsync();
    }

    private async ValueTask SendAndEndChunkAsync()
    {
        await _connection.FlushAsync();
        CheckOpen();
        _connection.Output.Append(Http1Writer.LineEnd);
        await _connection.FlushAsync();
    }

    private void WriteChunkHead(int size)
    {
        Span<byte> head = stackalloc byte[16];
        var length = 0;
        Http1Writer.TryChunkHead(head, ref length, size);
        _connection.Output.Append(head[..length]);
    }

    private void EndRequest()
    {
        if (_connection.Generation != _generation)
            return;
        _connection.IsRequestOpen = false;
        _timing.NoteRequestSent();
    }

    private void CheckOpen()
    {
        if (_connection.Generation != _generation)
            throw new ClientException(ClientFault.Truncated, "the exchange was over before the request's body was");
    }
}
