using System.Buffers;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Errors;

/// <summary>
/// Puts a page in the place of an error's body just before the head is sent: of the driver's own page always, of one that a handler or an upstream gave where
/// the page says so. As a filter it also sees the errors that handlers throw.
/// </summary>
internal sealed class ErrorsHandler(ErrorPage?[] pages, IHandler inner) : IHandler, IResponseFilter
{
    /// <summary>The first status that can have a page.</summary>
    public const int FirstStatus = 400;

    /// <summary>How many can: 400 to 599.</summary>
    public const int Statuses = 200;

    // What described the body that goes (RFC 9110 sections 8.4 to 8.8, 14.3 and 14.4; RFC 9530; RFC 6266).
    private static readonly byte[][] BodyFields =
    [
        .. new[]
        {
            "Content-Encoding", "Content-Language", "Content-Location", "Content-Range", "Content-Disposition", "Content-Digest", "Repr-Digest",
            "Content-MD5", "Digest", "Accept-Ranges", "ETag", "Last-Modified",
        }.Select(System.Text.Encoding.ASCII.GetBytes),
    ];

    public ValueTask HandleAsync(Exchange exchange)
    {
        exchange.AddFilter(this);
        return inner.HandleAsync(exchange);
    }

    public IBodyTransform? OnResponse(Exchange exchange)
    {
        var response = exchange.Response;
        var index = response.Status - FirstStatus;
        if ((uint)index >= (uint)pages.Length || pages[index] is not { } page || !(response.HasStandInBody || page.Intercepts))
            return null;
        var headers = response.Headers;
        foreach (var name in BodyFields)
            headers.Remove(name);
        headers.Set(KnownHeader.ContentType, page.Type);
        response.ContentLength = page.Body.Length;
        if (page.Status != 0)
            response.Status = page.Status;
        return new Replacement(page.Body);
    }

    /// <summary>Sends the page in the place of the first bytes and drops the rest, so that a client waits for no body that it never sees.</summary>
    private sealed class Replacement(byte[] page) : IBodyTransform
    {
        private bool _isSent;

        public void Transform(ReadOnlySpan<byte> input, bool last, IBufferWriter<byte> output)
        {
            if (!_isSent)
                output.Write(page);
            _isSent = true;
        }

        public void Dispose()
        {
        }
    }
}
