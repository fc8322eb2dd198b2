using System.Runtime.CompilerServices;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Tasks;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Files;

/// <summary>Serves the files of one folder. A path that the reactor knows is answered at once; another is looked at on the I/O pool first.</summary>
internal sealed class FilesHandler : IHandler
{
    private readonly FilesConfig _config;
    private readonly FileStore _store;
    private readonly byte[] _strip;
    private readonly byte[][] _index;
    private readonly byte[]? _fallback;

    public FilesHandler(FilesConfig config, FileStore store)
    {
        _config = config;
        _store = store;
        _strip = Encoding.UTF8.GetBytes(config.Strip ?? "");
        _index = [.. config.Index.Select(Encoding.UTF8.GetBytes)];
        _fallback = config.Fallback is { } fallback ? Encoding.UTF8.GetBytes(fallback.TrimStart('/')) : null;
    }

    public ValueTask HandleAsync(Exchange exchange)
    {
        var method = exchange.Request.Method;
        if (method is not (Method.Get or Method.Head))
        {
            exchange.Response.Status = 405;
            exchange.Response.Headers.Add(KnownHeader.Allow, "GET, HEAD"u8);
            return default;
        }
        var path = exchange.Request.Path;
        if (!path.StartsWith(_strip))
            return NotFound(exchange);
        path = path[_strip.Length..];
        // Of /static only whole segments are taken: /statics is another path. Paths begin with a slash; a file's path beneath the root does not.
        if (path is [not (byte)'/', ..])
            return NotFound(exchange);
        if (!path.IsEmpty)
            path = path[1..];
        if (!_config.Hidden && HasHiddenSegment(path))
            return NotFound(exchange);
        return _store.TryGet(path, out var entry) && !entry.IsFolder ? FileSender.Send(exchange, entry) : GuardAsync(exchange, path.ToArray());
    }

    // A folder that is missing or a disk that fails is this route's fault and not the client's.
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask GuardAsync(Exchange exchange, byte[] path)
    {
        try
        {
            await FindAsync(exchange, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && !exchange.Response.HasStarted)
        {
            exchange.Notes.Failure = exception.Message;
            exchange.Response.Reset();
            exchange.Response.Status = 503;
        }
    }

    // The slow way: something must be looked up, or it is a folder.
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask FindAsync(Exchange exchange, byte[] path)
    {
        var isFolderPath = path.Length == 0 || path[^1] == '/';
        var entry = await _store.FindAsync(path);
        if (entry is { IsFolder: false } && !isFolderPath)
        {
            await FileSender.Send(exchange, entry);
            return;
        }
        if (entry is { IsFolder: true })
        {
            if (!isFolderPath && !exchange.Request.Path.EndsWith((byte)'/'))
            {
                await Routing.SlashRedirect.SendAsync(exchange);
                return;
            }
            foreach (var name in _index)
            {
                if (await _store.FindAsync([.. path, .. name]) is { IsFolder: false } index)
                {
                    await FileSender.Send(exchange, index);
                    return;
                }
            }
            if (_config.Browse)
            {
                await FolderListing.SendAsync(exchange, _store.Root, path);
                return;
            }
        }
        if (_fallback is not null && await _store.FindAsync(_fallback) is { IsFolder: false } fallback)
        {
            await FileSender.Send(exchange, fallback);
            return;
        }
        await NotFound(exchange);
    }

    private static ValueTask NotFound(Exchange exchange)
    {
        exchange.Response.Status = 404;
        return default;
    }

    private static bool HasHiddenSegment(ReadOnlySpan<byte> path)
    {
        if (path is [(byte)'.', ..] && !path.StartsWith(".well-known/"u8))
            return true;
        return path.IndexOf("/."u8) >= 0;
    }
}
