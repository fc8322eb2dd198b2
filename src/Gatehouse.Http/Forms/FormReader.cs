using System.Buffers;
using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Forms;

/// <summary>Reads the body of a request as a form: application/x-www-form-urlencoded or multipart/form-data (RFC 7578), as it arrives.</summary>
public static class FormReader
{
    private const int ReadBytes = 32 * 1024;

    /// <summary>Reads the body of <paramref name="exchange"/> to its end. Dispose the form when done.</summary>
    /// <exception cref="BadRequestException">
    /// The body is malformed (400), over a limit that the message names (413), or no form (415); or reading it failed.
    /// </exception>
    /// <exception cref="IOException">A temporary file cannot be made or written.</exception>
    public static ValueTask<Form> ReadAsync(Exchange exchange, FormLimits? limits = null)
    {
        var request = exchange.Request;
        limits ??= FormLimits.Default;
        if (request.ContentLength > limits.BodyBytes)
            throw OverLimit(nameof(FormLimits.BodyBytes), limits.BodyBytes, "bytes");
        if (request.Headers.TryGet(KnownHeader.ContentEncoding, out var encoding) && !Ascii.EqualsIgnoreCase(encoding, "identity"u8))
            throw new BadRequestException(415, "A form must not have a Content-Encoding.");
        if (request.Headers.CountOf(KnownHeader.ContentType) > 1)
            throw new BadRequestException("A form must have one Content-Type.");
        request.Headers.TryGet(KnownHeader.ContentType, out var contentType);
        return !request.HasBody && contentType.IsEmpty ? new ValueTask<Form>(new Form()) : ReadAsync(contentType, exchange.ReadAsync, limits);
    }

    /// <summary>Reads a form from anywhere.</summary>
    /// <param name="contentType">The Content-Type field; its bytes are used before this returns.</param>
    /// <param name="read">Reads what is there, waiting for at least one byte; 0 at the end of the body.</param>
    /// <param name="limits">What to accept at most.</param>
    /// <exception cref="BadRequestException">The body is malformed (400), over a limit that the message names (413), or no form (415).</exception>
    /// <exception cref="IOException">A temporary file cannot be made or written.</exception>
    public static ValueTask<Form> ReadAsync(ReadOnlySpan<byte> contentType, Func<Memory<byte>, ValueTask<int>> read, FormLimits? limits = null)
    {
        var parameters = new MimeParameters(contentType);
        limits ??= FormLimits.Default;
        if (Ascii.EqualsIgnoreCase(parameters.Value, "application/x-www-form-urlencoded"u8))
            return ReadUrlEncodedAsync(read, limits);
        if (Ascii.EqualsIgnoreCase(parameters.Value, "multipart/form-data"u8))
            return ReadMultipartAsync(new MultipartForm(BoundaryOf(ref parameters), limits), read, limits);
        throw new BadRequestException(415, "Expected a form: application/x-www-form-urlencoded or multipart/form-data.");
    }

    internal static BadRequestException OverLimit(string name, long limit, string unit) =>
        new(413, $"The form is over the limit {name} of {limit} {unit}.");

    private static ReadOnlySpan<byte> BoundaryOf(ref MimeParameters parameters)
    {
        var boundary = default(ReadOnlySpan<byte>);
        while (parameters.MoveNext())
        {
            if (!Ascii.EqualsIgnoreCase(parameters.Name, "boundary"u8))
                continue;
            if (!boundary.IsEmpty)
                throw new BadRequestException("The Content-Type of a multipart form must have one boundary.");
            boundary = parameters.RawValue;
        }
        if (parameters.IsMalformed || !MultipartReader.IsBoundary(boundary))
        {
            throw new BadRequestException(
                $"The Content-Type of a multipart form must have a boundary of 1 to {MultipartReader.MaxBoundary} bchars (RFC 2046 section 5.1.1).");
        }
        return boundary;
    }

    private static async ValueTask<Form> ReadUrlEncodedAsync(Func<Memory<byte>, ValueTask<int>> read, FormLimits limits)
    {
        var form = new Form();
        var pairs = new UrlEncodedForm(form, limits);
        var total = 0L;
        while (await read(pairs.Room()) is > 0 and var count)
        {
            total += count;
            if (total > limits.BodyBytes)
                throw OverLimit(nameof(FormLimits.BodyBytes), limits.BodyBytes, "bytes");
            pairs.Take(count);
        }
        pairs.Finish();
        return form;
    }

    private static async ValueTask<Form> ReadMultipartAsync(MultipartForm form, Func<Memory<byte>, ValueTask<int>> read, FormLimits limits)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            var total = 0L;
            while (await read(buffer) is > 0 and var count)
            {
                total += count;
                if (total > limits.BodyBytes)
                    throw OverLimit(nameof(FormLimits.BodyBytes), limits.BodyBytes, "bytes");
                await form.TakeAsync(buffer.AsMemory(0, count));
            }
            return form.Finish();
        }
        catch
        {
            form.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
