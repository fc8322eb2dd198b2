using System.Buffers;
using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Net.Files;

namespace Gatehouse.Edge.Proxy;

/// <summary>
/// A request's body, read whole before a target is chosen: in memory, and beyond a bound in a temporary file. A slow client then costs no target anything, and the
/// body can be sent again.
/// </summary>
internal sealed class CollectedBody : IDisposable
{
    private const int FirstBytes = 16 * 1024;

    private byte[] _memory;
    private int _inMemory;
    private SpoolFile? _file;

    private CollectedBody(int capacity) => _memory = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>Bytes of the body.</summary>
    public long Length => _inMemory + (_file?.Length ?? 0);

    /// <summary>Reads the body of <paramref name="exchange"/> to its end.</summary>
    /// <exception cref="BadRequestException">The body is malformed, late, or larger than what may be collected (413), or the disk does not take it (503).</exception>
    public static async ValueTask<CollectedBody> ReadAsync(Exchange exchange, ProxyRules rules)
    {
        var announced = exchange.Request.ContentLength;
        if (announced > rules.BufferMemory + rules.BufferDisk)
            throw TooLarge(rules);
        var body = new CollectedBody((int)Math.Min(announced > 0 ? announced : FirstBytes, Math.Max(rules.BufferMemory, FirstBytes)));
        try
        {
            int count;
            do
            {
                body.MakeRoom(rules);
                count = await exchange.ReadAsync(body._memory.AsMemory(body._inMemory));
                body._inMemory += count;
                if (body._inMemory == body._memory.Length && body._memory.Length >= rules.BufferMemory && count > 0 && body.Length != announced)
                {
                    await body.SpillAsync(exchange, rules);
                    return body;
                }
            }
            while (count > 0 && body.Length != announced);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Starts to send what <paramref name="connection"/> has in its output, the request's head, and then the body; what does not go out at once goes on by itself
    /// beside the reading of the response, since a target may answer before it has read all.
    /// </summary>
    public void Start(Http1ClientConnection connection)
    {
        var sending = SendAsync(connection);
        if (sending.IsCompletedSuccessfully)
            return;
        connection.IsRequestOpen = true;
        _ = EndAsync(connection, connection.Generation, sending);
    }

    /// <summary>Frees memory and file.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_memory);
        _memory = [];
        _file?.Dispose();
    }

    private static async Task EndAsync(Http1ClientConnection connection, int generation, ValueTask sending)
    {
        try
        {
            await sending;
            if (connection.Generation == generation)
                connection.IsRequestOpen = false;
        }
        catch (ClientException)
        {
            // The reading side meets the same fault and reports it.
        }
    }

    private async ValueTask SendAsync(Http1ClientConnection connection)
    {
        if (_inMemory > 0)
            connection.Output.Attach(_memory.AsMemory(0, _inMemory));
        await connection.FlushAsync();
        if (_file is null)
            return;
        connection.Output.Attach(_file.Handle, 0, _file.Length);
        await connection.FlushAsync();
    }

    private static BadRequestException TooLarge(ProxyRules rules) =>
        new(413, $"the request's body is longer than the {rules.BufferMemory + rules.BufferDisk} bytes that the route collects");

    private void MakeRoom(ProxyRules rules)
    {
        if (_inMemory < _memory.Length || _memory.Length >= rules.BufferMemory)
            return;
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(_memory.Length * 2L, rules.BufferMemory));
        _memory.AsSpan(0, _inMemory).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_memory);
        _memory = larger;
    }

    private async ValueTask SpillAsync(Exchange exchange, ProxyRules rules)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            _file = SpoolFile.Create();
            int count;
            while ((count = await exchange.ReadAsync(buffer)) > 0)
            {
                if (_file.Length + count > rules.BufferDisk)
                    throw TooLarge(rules);
                await _file.AppendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadRequestException(503, $"the request's body cannot be kept on disk: {fault.Message}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
