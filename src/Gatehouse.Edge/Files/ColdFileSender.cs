using System.Runtime.CompilerServices;
using Gatehouse.Http;
using Gatehouse.Http.Conditional;
using Gatehouse.Http.Tasks;
using Gatehouse.Net.Files;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Edge.Files;

/// <summary>
/// Sends a file that may not lie in memory, part by part: sendfile(2) waits for the disk, and with it would all connections of the reactor. What is not in memory
/// is read on the I/O pool first. A file of which all was sent so counts as warm for a while, and then goes out without these looks.
/// </summary>
internal static class ColdFileSender
{
    private const int Part = 1024 * 1024;

    // Long enough that a file in use is looked at a few times a minute; what nobody asks for in that time may leave memory.
    private const long WarmMilliseconds = 5000;

    // A larger one may push out its own beginning.
    private const long LargestWarm = 64L * 1024 * 1024;

    /// <summary>Sends a part of <paramref name="file"/>'s bytes as the next part of a body; before the first, a disk that fails or has too much to do is a 503.</summary>
    /// <exception cref="IOException">The disk failed, or has too much to do, and the answer had begun.</exception>
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    public static async ValueTask WriteAsync(Exchange exchange, FileEntry file, ByteRange range)
    {
        file.Hold();
        try
        {
            var handle = file.Handle!;
            FileReadAhead? disk = null;
            for (var sent = 0L; sent < range.Length;)
            {
                var count = Math.Min(Part, range.Length - sent);
                if (!CachedReads.Has(handle, range.First + sent, count))
                    await (disk ??= new FileReadAhead(handle)).ReadAsync(range.First + sent, count);
                await exchange.SendFileAsync(handle, range.First + sent, count);
                sent += count;
            }
            if (range.Length == file.Facts.Length && range.Length <= LargestWarm)
                file.WarmUntil = Reactor.Current!.Now + WarmMilliseconds;
        }
        catch (IOException exception) when (!exchange.Response.HasStarted)
        {
            exchange.Notes.Failure = exception.Message;
            exchange.Response.Reset();
            exchange.Response.Status = 503;
        }
        finally
        {
            file.Release();
        }
    }
}
