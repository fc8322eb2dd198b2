using System.Runtime.CompilerServices;
using Gatehouse.Http;
using Gatehouse.Http.Conditional;
using Gatehouse.Http.Content;
using Gatehouse.Http.Negotiation;
using Gatehouse.Http.Tasks;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Files;

/// <summary>Answers with one file: the coding, the conditions (RFC 9110 section 13), the ranges (section 14), the fields, the bytes.</summary>
internal static class FileSender
{
    /// <summary>Sends <paramref name="entry"/>; completes at once when the transport takes it all.</summary>
    public static ValueTask Send(Exchange exchange, FileEntry entry)
    {
        var request = exchange.Request;
        var headers = exchange.Response.Headers;
        var file = entry;
        if (entry.Siblings.Count > 0)
        {
            headers.Add(KnownHeader.Vary, "Accept-Encoding"u8);
            if (AcceptEncoding.Parse(request.Headers).TryChoose(entry.Offered, out var coding) && coding != ContentCoding.Identity)
            {
                file = SiblingOf(entry, coding);
                headers.Add(KnownHeader.ContentEncoding, ContentCodings.Name(coding));
            }
        }
        headers.Add(KnownHeader.LastModified, file.LastModified);
        headers.Add(KnownHeader.ETag, file.EntityTag);
        headers.Add(KnownHeader.AcceptRanges, "bytes"u8);
        var length = file.Facts.Length;
        if (IsPlain(request.Headers))
        {
            AddType(headers, file);
            return SendPart(exchange, file, new ByteRange(0, length));
        }

        var outcome = Preconditions.Evaluate(request, file.EntityTag, file.Facts.ModifiedSeconds, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        if (outcome is ConditionalOutcome.NotModified or ConditionalOutcome.PreconditionFailed)
        {
            exchange.Response.Status = outcome == ConditionalOutcome.NotModified ? 304 : 412;
            headers.Remove(KnownHeader.ContentEncoding);
            return outcome == ConditionalOutcome.NotModified ? exchange.CompleteAsync() : default;
        }
        Span<ByteRange> ranges = stackalloc ByteRange[RangeField.DefaultLimit];
        switch (RangeField.Select(request, outcome, length, ranges, out var count))
        {
            case RangeOutcome.NotSatisfiable:
                exchange.Response.Status = 416;
                Span<byte> unsatisfied = stackalloc byte[ContentRange.MaxLength];
                headers.Add(KnownHeader.ContentRange, unsatisfied[..ContentRange.FormatUnsatisfied(length, unsatisfied)]);
                headers.Remove(KnownHeader.ContentEncoding);
                return default;
            case RangeOutcome.Partial when count == 1:
                exchange.Response.Status = 206;
                Span<byte> value = stackalloc byte[ContentRange.MaxLength];
                headers.Add(KnownHeader.ContentRange, value[..ContentRange.Format(ranges[0], length, value)]);
                AddType(headers, file);
                return SendPart(exchange, file, ranges[0]);
            case RangeOutcome.Partial:
                exchange.Response.Status = 206;
                return MultipartSender.SendAsync(exchange, file, ranges[..count].ToArray());
            default:
                AddType(headers, file);
                return SendPart(exchange, file, new ByteRange(0, length));
        }
    }

    /// <summary>Sends a part of <paramref name="file"/>'s bytes as the whole body, or what comes next of it when the length was set by the caller.</summary>
    public static ValueTask SendPart(Exchange exchange, FileEntry file, ByteRange range)
    {
        if (!exchange.Response.HasStarted)
            exchange.Response.ContentLength = range.Length;
        return WritePart(exchange, file, range);
    }

    /// <summary>Sends a part of <paramref name="file"/>'s bytes as the next part of a body.</summary>
    public static ValueTask WritePart(Exchange exchange, FileEntry file, ByteRange range)
    {
        var content = file.Content;
        if (content is null && file.WarmUntil < Reactor.Current!.Now && exchange.Request.Method != Method.Head)
            return ColdFileSender.WriteAsync(exchange, file, range);
        var sending = content is not null
            ? exchange.WriteAsync(content.AsMemory((int)range.First, (int)range.Length))
            : exchange.SendFileAsync(file.Handle!, range.First, range.Length);
        return sending.IsCompletedSuccessfully ? sending : HoldAsync(file, sending);
    }

    // An application that has a file sent may have told its type.
    private static void AddType(HeaderList headers, FileEntry file)
    {
        if (!headers.Contains(KnownHeader.ContentType))
            headers.Add(KnownHeader.ContentType, file.ContentType);
    }

    private static bool IsPlain(HeaderTable headers) => !headers.Contains(KnownHeader.Range) && !headers.Contains(KnownHeader.IfNoneMatch)
        && !headers.Contains(KnownHeader.IfModifiedSince) && !headers.Contains(KnownHeader.IfMatch) && !headers.Contains(KnownHeader.IfUnmodifiedSince);

    private static FileEntry SiblingOf(FileEntry entry, ContentCoding coding)
    {
        foreach (var (offered, sibling) in entry.Siblings)
        {
            if (offered == coding)
                return sibling;
        }
        return entry;
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private static async ValueTask HoldAsync(FileEntry file, ValueTask sending)
    {
        file.Hold();
        try
        {
            await sending;
        }
        finally
        {
            file.Release();
        }
    }
}
