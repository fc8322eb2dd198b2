using Gatehouse.Http;

namespace Gatehouse.Edge.Compression;

/// <summary>Puts the <see cref="CompressFilter"/> between a handler and the client.</summary>
public sealed class CompressHandler : IHandler
{
    private readonly CompressFilter _filter;
    private readonly IHandler _inner;

    /// <summary>Compresses what <paramref name="inner"/> answers.</summary>
    public CompressHandler(CompressConfig config, IHandler inner)
    {
        _filter = new CompressFilter(config);
        _inner = inner;
    }

    /// <inheritdoc/>
    public ValueTask HandleAsync(Exchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        exchange.AddFilter(_filter);
        return _inner.HandleAsync(exchange);
    }
}
