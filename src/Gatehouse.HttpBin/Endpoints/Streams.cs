using System.Globalization;
using System.Text;
using Gatehouse.Http;
using Gatehouse.HttpBin.Random;
using Gatehouse.HttpBin.Requests;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.HttpBin.Endpoints;

/// <summary>Answers that are made on demand, all at once or slowly.</summary>
internal static class Streams
{
    private const int MaxRandomBytes = 100 * 1024;
    private const int MaxDripBytes = 10 * 1024 * 1024;
    private const int MaxLines = 100;
    private const int UsualChunk = 10 * 1024;
    private const double MaxDelay = 10;
    private const double MaxDuration = 60;

    // Finer pauses than the clock's own steps would only add up to more than was asked for.
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(20);

    public static ValueTask Uuid(BinCall call) =>
        call.SendJsonAsync(RequestJson.Document(writer => writer.WriteString("uuid", Guid.NewGuid().ToString())));

    public static ValueTask Base64(BinCall call)
    {
        var text = call.Values["value"].Replace('-', '+').Replace('_', '/');
        try
        {
            var bytes = Convert.FromBase64String(text);
            return call.SendHtmlAsync(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes));
        }
        catch (Exception exception) when (exception is FormatException or DecoderFallbackException)
        {
            throw new BadRequestException("value: expected base64url of text in UTF-8, with its padding", exception);
        }
    }

    public static ValueTask Bytes(BinCall call)
    {
        var bytes = new byte[Math.Min(call.Number("n"), MaxRandomBytes)];
        Fill(call, bytes);
        return call.SendAsync("application/octet-stream", bytes);
    }

    public static async ValueTask StreamBytes(BinCall call)
    {
        var bytes = new byte[Math.Min(call.Number("n"), MaxRandomBytes)];
        Fill(call, bytes);
        var chunk = Math.Max(1, call.IntArgument("chunk_size", UsualChunk));
        call.Fields.Set(KnownHeader.ContentType, "application/octet-stream"u8);
        for (var at = 0; at < bytes.Length; at += chunk)
        {
            await call.Exchange.WriteAsync(bytes.AsMemory(at, Math.Min(chunk, bytes.Length - at)));
            if (bytes.Length - at <= chunk)
                break;
        }
        await EndStreamAsync(call);
    }

    public static async ValueTask Lines(BinCall call)
    {
        call.Fields.Set(KnownHeader.ContentType, "application/json"u8);
        for (var i = 0; i < Math.Min(call.Number("n"), MaxLines); i++)
            await call.Exchange.WriteAsync(RequestJson.Line(call, i));
        await EndStreamAsync(call);
    }

    public static async ValueTask Delay(BinCall call)
    {
        await call.PauseAsync(BinCall.Seconds("delay", call.Values["seconds"], 0, MaxDelay));
        var body = await RequestBody.ReadAsync(call.Exchange);
        await call.SendJsonAsync(RequestJson.Of(call, RequestParts.Args | RequestParts.Headers | RequestParts.Origin | RequestParts.Url | RequestParts.Body, body));
    }

    public static async ValueTask Drip(BinCall call)
    {
        var duration = BinCall.Seconds("duration", call.Argument("duration"), 2, MaxDuration);
        var delay = BinCall.Seconds("delay", call.Argument("delay"), 0, MaxDuration);
        var count = Math.Min(call.IntArgument("numbytes", 10), MaxDripBytes);
        var status = call.IntArgument("code", 200);
        if (count <= 0)
            throw new BadRequestException("number of bytes must be positive");
        if (status is < 200 or > 599)
            throw new BadRequestException($"code: found {status}, expected 200 to 599");
        await call.PauseAsync(delay);
        call.Exchange.Response.Status = status;
        call.Fields.Set(KnownHeader.ContentType, "application/octet-stream"u8);
        var bytes = new byte[Math.Min(count, 64 * 1024)];
        bytes.AsSpan().Fill((byte)'*');
        if (status is 204 or 304)
        {
            await call.Exchange.CompleteAsync();
            return;
        }
        await SendSlowlyAsync(call, count, 1, duration, (_, length) => bytes.AsMemory(0, length), bytes.Length);
    }

    public static async ValueTask Range(BinCall call)
    {
        var total = call.Number("n");
        call.SetField("ETag", $"range{total}");
        call.SetField("Accept-Ranges", "bytes");
        if (total is 0 or > MaxRandomBytes)
        {
            call.Exchange.Response.Status = 404;
            await call.SendTextAsync("number of bytes must be in the range (0, 102400]");
            return;
        }
        var chunk = Math.Max(1, call.IntArgument("chunk_size", UsualChunk));
        var duration = BinCall.Seconds("duration", call.Argument("duration"), 0, MaxDuration);
        var (first, last) = RequestedRange(call.Header("Range"), total);
        if (first > last || first < 0 || last >= total)
        {
            call.Exchange.Response.Status = 416;
            call.SetField("Content-Range", $"bytes */{total}");
            await call.SendTextAsync("");
            return;
        }
        call.SetField("Content-Range", $"bytes {first}-{last}/{total}");
        call.Exchange.Response.Status = first == 0 && last == total - 1 ? 200 : 206;
        call.Fields.Set(KnownHeader.ContentType, "application/octet-stream"u8);
        var bytes = new byte[last + 1 - first];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)('a' + ((first + i) % 26));
        await SendSlowlyAsync(call, bytes.Length, chunk, duration * bytes.Length / total, (at, length) => bytes.AsMemory(at, length), bytes.Length);
    }

    private static void Fill(BinCall call, byte[] bytes)
    {
        if (call.Argument("seed") is not { } text)
        {
            System.Random.Shared.NextBytes(bytes);
            return;
        }
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed))
            throw new BadRequestException($"seed: found '{text}', expected a whole number");
        var random = new PythonRandom(seed);
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = random.NextByte();
    }

    private static ValueTask EndStreamAsync(BinCall call)
    {
        // An empty stream is chunked like any other.
        return call.Exchange.Response.HasStarted ? call.Exchange.CompleteAsync() : EmptyAsync(call);

        static async ValueTask EmptyAsync(BinCall call)
        {
            await call.Exchange.WriteAsync(default);
            await call.Exchange.CompleteAsync();
        }
    }

    // Sends count bytes in pieces of a size, spread over a time; pieces that would come faster than LeastPause go together.
    private static async ValueTask SendSlowlyAsync(BinCall call, int count, int piece, TimeSpan duration, Func<int, int, ReadOnlyMemory<byte>> bytes, int most)
    {
        call.Exchange.Response.ContentLength = count;
        var pieces = (count + piece - 1) / (double)piece;
        var together = duration <= TimeSpan.Zero ? count : Math.Max(1, (int)Math.Ceiling(pieces * (LeastPause / duration)));
        var step = (int)Math.Min((long)piece * together, most);
        var started = TimeProvider.System.GetTimestamp();
        for (var at = 0; at < count; at += step)
        {
            var length = Math.Min(step, count - at);
            await call.Exchange.WriteAsync(bytes(at, length));
            await call.PauseAsync((duration * (at + length) / count) - TimeProvider.System.GetElapsedTime(started));
        }
        await call.Exchange.CompleteAsync();
    }

    private static (int First, int Last) RequestedRange(string? field, int total)
    {
        int? first = null, last = null;
        if (field?.Trim() is { } text && text.StartsWith("bytes", StringComparison.Ordinal) && text.Split('=') is [_, var spec] && spec.Split('-') is [var left, var right, ..])
        {
            first = int.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
            last = int.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out number) ? number : null;
        }
        return (first, last) switch
        {
            (null, null) => (0, total - 1),
            (null, { } suffix) => (Math.Max(0, total - suffix), total - 1),
            ({ } start, null) => (start, total - 1),
            ({ } start, { } end) => (start, end),
        };
    }
}
