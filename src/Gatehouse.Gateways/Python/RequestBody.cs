using System.Buffers;
using Gatehouse.Http;
using Gatehouse.Net.Files;

namespace Gatehouse.Gateways.Python;

/// <summary>A request's body, read whole before a worker sees the request: short ones go along in the message, longer ones in a file that is passed on.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>Bytes that go along in the message; what is more would fill the queue that the workers share.</summary>
    public const int LongestInMessage = 32 * 1024;

    private const int PieceBytes = 64 * 1024;
    private byte[] _memory = [];
    private int _count;

    private RequestBody()
    {
    }

    /// <summary>Bytes of the body.</summary>
    public long Length => File?.Length ?? _count;

    /// <summary>The bytes of a short body.</summary>
    public ReadOnlySpan<byte> Memory => _memory.AsSpan(0, _count);

    /// <summary>The file of a longer one.</summary>
    public SpoolFile? File { get; private set; }

    /// <summary>Reads the body of <paramref name="exchange"/> to its end; how long it may be and take is the exchange's business.</summary>
    /// <exception cref="BadRequestException">The body is malformed, late or too large.</exception>
    public static async ValueTask<RequestBody> ReadAsync(Exchange exchange)
    {
        var body = new RequestBody();
        var announced = exchange.Request.ContentLength;
        body._memory = ArrayPool<byte>.Shared.Rent(announced is > 0 and <= LongestInMessage ? (int)announced : LongestInMessage + 1);
        try
        {
            while (body._count != announced)
            {
                if (body._count > LongestInMessage)
                {
                    await body.SpillAsync(exchange);
                    break;
                }
                var count = await exchange.ReadAsync(body._memory.AsMemory(body._count));
                if (count == 0)
                    break;
                body._count += count;
            }
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Frees memory and file.</summary>
    public void Dispose()
    {
        if (_memory.Length > 0)
            ArrayPool<byte>.Shared.Return(_memory);
        _memory = [];
        File?.Dispose();
    }

    private async ValueTask SpillAsync(Exchange exchange)
    {
        File = SpoolFile.Create();
        await File.AppendAsync(_memory.AsMemory(0, _count));
        _count = 0;
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            int count;
            while ((count = await exchange.ReadAsync(buffer)) > 0)
                await File.AppendAsync(buffer.AsMemory(0, count));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
