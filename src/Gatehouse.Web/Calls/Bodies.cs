using System.Buffers;
using Gatehouse.Http;

namespace Gatehouse.Web;

/// <summary>Reads bodies of requests into memory.</summary>
internal static class Bodies
{
    private const int FirstRoom = 4 * 1024;

    /// <summary>Reads the whole body.</summary>
    /// <exception cref="BadRequestException">It has more than <paramref name="limit"/> bytes (413), or reading it failed.</exception>
    public static async ValueTask<byte[]> ReadAsync(Exchange exchange, int limit)
    {
        var announced = exchange.Request.ContentLength;
        if (announced > limit)
            throw TooLarge(limit);
        if (announced == 0)
            return [];
        var body = new byte[announced > 0 ? announced : FirstRoom];
        var used = 0;
        while (true)
        {
            if (used == body.Length)
            {
                // With a length that was announced, the end comes now; without, there may be more.
                var probe = ArrayPool<byte>.Shared.Rent(FirstRoom);
                try
                {
                    var more = await exchange.ReadAsync(probe);
                    if (more == 0)
                        return body;
                    if (used + more > limit)
                        throw TooLarge(limit);
                    Array.Resize(ref body, Math.Min(limit, Math.Max(body.Length * 2, used + more)));
                    probe.AsSpan(0, more).CopyTo(body.AsSpan(used));
                    used += more;
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(probe);
                }
                continue;
            }
            var count = await exchange.ReadAsync(body.AsMemory(used));
            if (count == 0)
                return used == body.Length ? body : body[..used];
            used += count;
        }
    }

    private static BadRequestException TooLarge(int limit) => new(413, $"The body is over the limit {nameof(AppLimits.JsonBytes)} of {limit} bytes.");
}
