using System.Buffers;
using Gatehouse.Http;
using Gatehouse.Net.Files;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Edge.Relay;

/// <summary>
/// A request's body, read whole before a peer is asked: in memory, and beyond a bound in a temporary file. A slow client then costs no peer anything, and the
/// body can be sent again.
/// </summary>
public sealed class CollectedBody : IDisposable
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
    public static async ValueTask<CollectedBody> ReadAsync(Exchange exchange, Buffering buffering)
    {
        var announced = exchange.Request.ContentLength;
        if (announced > buffering.Memory + buffering.Disk)
            throw TooLarge(buffering);
        var body = new CollectedBody((int)Math.Min(announced > 0 ? announced : FirstBytes, Math.Max(buffering.Memory, FirstBytes)));
        try
        {
            int count;
            do
            {
                body.MakeRoom(buffering);
                count = await exchange.ReadAsync(body._memory.AsMemory(body._inMemory));
                body._inMemory += count;
                if (body._inMemory == body._memory.Length && body._memory.Length >= buffering.Memory && count > 0 && body.Length != announced)
                {
                    await body.SpillAsync(exchange, buffering);
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

    /// <summary>The part that is in memory: all of it, or the beginning.</summary>
    public ReadOnlyMemory<byte> Memory => _memory.AsMemory(0, _inMemory);

    /// <summary>The file that holds the rest, from its start to its end; null when memory has all.</summary>
    public SafeFileHandle? File => _file?.Handle;

    /// <summary>Bytes of the rest.</summary>
    public long FileLength => _file?.Length ?? 0;

    /// <summary>Frees memory and file.</summary>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_memory);
        _memory = [];
        _file?.Dispose();
    }

    private static BadRequestException TooLarge(Buffering buffering) =>
        new(413, $"the request's body is longer than the {buffering.Memory + buffering.Disk} bytes that the route collects");

    private void MakeRoom(Buffering buffering)
    {
        if (_inMemory < _memory.Length || _memory.Length >= buffering.Memory)
            return;
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(_memory.Length * 2L, buffering.Memory));
        _memory.AsSpan(0, _inMemory).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_memory);
        _memory = larger;
    }

    private async ValueTask SpillAsync(Exchange exchange, Buffering buffering)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            _file = SpoolFile.Create();
            int count;
            while ((count = await exchange.ReadAsync(buffer)) > 0)
            {
                if (_file.Length + count > buffering.Disk)
                    throw TooLarge(buffering);
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
