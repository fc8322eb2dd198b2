using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Forms;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.HttpBin.Requests;

/// <summary>The body of a request: as bytes, or as the form that it is.</summary>
internal sealed class RequestBody
{
    /// <summary>What is held in memory at most; the answer holds it a second time.</summary>
    public const int MaxBytes = 10 * 1024 * 1024;

    private RequestBody(byte[] data) => Data = data;

    /// <summary>The bytes; empty when they are a form that can be read.</summary>
    public byte[] Data { get; private init; }

    /// <summary>The fields of the form.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields { get; private init; } = [];

    /// <summary>The files of the form as text, or as data: URLs where they are none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Files { get; private init; } = [];

    /// <summary>Reads all of it.</summary>
    /// <exception cref="BadRequestException">Larger than <see cref="MaxBytes"/>, or over a limit of forms (413).</exception>
    public static async ValueTask<RequestBody> ReadAsync(Exchange exchange)
    {
        var bytes = await ReadBytesAsync(exchange);
        var type = ContentType(exchange.Request);
        var isForm = type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) ||
            type.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase);
        if (!isForm || bytes.Length == 0)
            return new RequestBody(bytes);
        var source = new MemoryStream(bytes);
        try
        {
            using var form = await FormReader.ReadAsync(Encoding.Latin1.GetBytes(type), buffer => new ValueTask<int>(source.Read(buffer.Span)));
            return new RequestBody([])
            {
                Fields = [.. form.Fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))],
                Files = [.. form.Files.Select(file => new KeyValuePair<string, string>(file.Name, FileText(file)))],
            };
        }
        catch (BadRequestException exception) when (exception.Status == 400)
        {
            // Who sent a broken form wants to see it.
            return new RequestBody(bytes);
        }
    }

    /// <summary>Reads the bytes of all of it.</summary>
    /// <exception cref="BadRequestException">Larger than <see cref="MaxBytes"/> (413).</exception>
    public static async ValueTask<byte[]> ReadBytesAsync(Exchange exchange)
    {
        if (!exchange.Request.HasBody)
            return [];
        if (exchange.Request.ContentLength > MaxBytes)
            throw TooLarge();
        var bytes = new byte[exchange.Request.ContentLength > 0 ? (int)exchange.Request.ContentLength : 16 * 1024];
        var length = 0;
        while (true)
        {
            if (length == bytes.Length)
                Array.Resize(ref bytes, Math.Min(bytes.Length * 2, MaxBytes + 1));
            var count = await exchange.ReadAsync(bytes.AsMemory(length));
            if (count == 0)
                return bytes[..length];
            length += count;
            if (length > MaxBytes)
                throw TooLarge();
        }
    }

    /// <summary>Bytes as text; where they are not UTF-8, as a data: URL (RFC 2397).</summary>
    public static string Text(ReadOnlySpan<byte> bytes, string type = "application/octet-stream") =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : $"data:{type};base64,{Convert.ToBase64String(bytes)}";

    private static string ContentType(Request request) => request.Headers.TryGet(KnownHeader.ContentType, out var type) ? Encoding.Latin1.GetString(type) : "";

    private static string FileText(FormFile file)
    {
        using var content = file.OpenRead();
        var bytes = new byte[file.Length];
        content.ReadExactly(bytes);
        return Text(bytes, file.ContentType ?? "application/octet-stream");
    }

    private static BadRequestException TooLarge() => new(413, $"httpbin holds bodies of at most {MaxBytes} bytes in memory.");
}
