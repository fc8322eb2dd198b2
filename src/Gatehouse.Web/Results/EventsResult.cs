using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Web;

/// <summary>An answer of server-sent events, with a sign of life when there are none for a while, so that nobody between takes the connection for dead.</summary>
internal sealed class EventsResult(IAsyncEnumerable<ServerEvent> events, TimeSpan silence) : IResult
{
    private static readonly byte[] SignOfLife = ":\n\n"u8.ToArray();

    public async ValueTask WriteAsync(Context context)
    {
        var exchange = context.Exchange;
        context.Response.Headers.Set(KnownHeader.ContentType, "text/event-stream"u8);
        context.Response.Headers.Set(KnownHeader.CacheControl, "no-store"u8);
        // nginx in front holds answers back otherwise.
        context.Response.Headers.Set(KnownHeader.XAccelBuffering, "no"u8);
        await exchange.WriteAsync(SignOfLife);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, context.App.Stopping);
        var enumerator = events.GetAsyncEnumerator(ending.Token);
        Task<bool>? next = null;
        try
        {
            while (true)
            {
                next ??= enumerator.MoveNextAsync().AsTask();
                try
                {
                    if (!await next.WaitAsync(silence, ending.Token))
                        break;
                }
                catch (TimeoutException)
                {
                    await exchange.WriteAsync(SignOfLife);
                    continue;
                }
                next = null;
                await exchange.WriteAsync(Encode(enumerator.Current));
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !exchange.IsAborted)
        {
            // The application stops: the stream ends, and the client connects again elsewhere.
        }
        finally
        {
            await EndAsync(enumerator, next);
        }
        await exchange.CompleteAsync();
    }

    // An enumerator must not be disposed of while it moves: it was told to end, and does.
    private static async Task EndAsync(IAsyncEnumerator<ServerEvent> enumerator, Task<bool>? next)
    {
        if (next is not null)
            await next.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await enumerator.DisposeAsync();
    }

    private static byte[] Encode(ServerEvent happened)
    {
        var text = new StringBuilder();
        Add(text, "id", happened.Id);
        Add(text, "event", happened.Name);
        foreach (var line in happened.Data.ReplaceLineEndings("\n").Split('\n'))
            text.Append("data: ").Append(line).Append('\n');
        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }

    private static void Add(StringBuilder text, string field, string? value)
    {
        if (value is null)
            return;
        if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
            throw new InvalidOperationException($"The {field} of an event must not have lines; found '{value}'.");
        text.Append(field).Append(": ").Append(value).Append('\n');
    }
}
