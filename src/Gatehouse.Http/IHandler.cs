namespace Gatehouse.Http;

/// <summary>
/// The waist of the program: everything that answers a request is a handler of one exchange, and what wraps a handler (log, limit, compress, cache, auth)
/// is a handler too. A handler is shared by all reactors and keeps what belongs to one request in the exchange or in its own locals.
/// </summary>
public interface IHandler
{
    /// <summary>
    /// Answers <paramref name="exchange"/>. The exchange is the handler's until the returned task completes, and not a moment longer. One that finishes at once
    /// returns a completed task. A handler that neither sends a body nor throws leaves an answer of <see cref="Response.Status"/> for the driver to end
    /// (with a page for an error). An exception becomes a 500, or an aborted connection when the answer has begun.
    /// </summary>
    ValueTask HandleAsync(Exchange exchange);
}
