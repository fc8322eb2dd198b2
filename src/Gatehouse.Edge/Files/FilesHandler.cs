using System.Runtime.CompilerServices;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Tasks;
using Gatehouse.Net.Files;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Files;

/// <summary>
/// Serves the files of one folder. A path whose entry is in the reactor's cache is answered at once; another is looked at on the I/O pool first. An entry is
/// checked against the file system once a second, so a change is seen within that.
/// </summary>
internal sealed class FilesHandler : IHandler
{
    private const long CheckMilliseconds = 1000;

    private readonly FilesConfig _config;
    private readonly FileCache?[] _caches = new FileCache?[Environment.ProcessorCount * 4];
    private readonly byte[] _strip;
    private readonly byte[][] _index;
    private readonly byte[]? _fallback;
    private FileRoot? _root;

    public FilesHandler(FilesConfig config)
    {
        _config = config;
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
        // Routes match decoded paths, which begin with a slash; a file's path beneath the root does not.
        path = path[_strip.Length..];
        if (path is [(byte)'/', ..])
            path = path[1..];
        if (!_config.Hidden && HasHiddenSegment(path))
            return NotFound(exchange);
        return Cache.TryGet(path, out var entry) && IsFresh(path, entry) && !entry.IsFolder ? FileSender.Send(exchange, entry) : GuardAsync(exchange, path.ToArray());
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

    private FileCache Cache
    {
        get
        {
            ref var cache = ref _caches[Reactor.Current!.Index];
            return cache ??= new FileCache();
        }
    }

    // The slow way: something must be looked up, or it is a folder.
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask FindAsync(Exchange exchange, byte[] path)
    {
        var isFolderPath = path.Length == 0 || path[^1] == '/';
        var entry = await EntryAsync(path);
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
                if (await EntryAsync([.. path, .. name]) is { IsFolder: false } index)
                {
                    await FileSender.Send(exchange, index);
                    return;
                }
            }
            if (_config.Browse)
            {
                await FolderListing.SendAsync(exchange, Root, path);
                return;
            }
        }
        if (_fallback is not null && await EntryAsync(_fallback) is { IsFolder: false } fallback)
        {
            await FileSender.Send(exchange, fallback);
            return;
        }
        await NotFound(exchange);
    }

    private async ValueTask<FileEntry?> EntryAsync(byte[] path)
    {
        if (Cache.TryGet(path, out var entry) && IsFresh(path, entry))
            return entry;
        entry = await FileLoader.LoadAsync(Root, path, _config.Precompressed);
        if (entry is null)
        {
            Cache.Remove(path);
            return null;
        }
        entry.CheckedAt = Reactor.Current!.Now;
        Cache.Set(path, entry);
        return entry;
    }

    // Metadata of a path that was used within the last moments is in the kernel's cache: asking for it does not wait.
    private bool IsFresh(ReadOnlySpan<byte> path, FileEntry entry)
    {
        var now = Reactor.Current!.Now;
        if (now - entry.CheckedAt < CheckMilliseconds)
            return true;
        if (Root.TryDescribe(path, out var facts) != 0 || !facts.IsSameFile(entry.Facts) || facts.Length != entry.Facts.Length
            || facts.ModifiedNanoseconds != entry.Facts.ModifiedNanoseconds || entry.Siblings.Count > 0)
            return false;
        entry.CheckedAt = now;
        return true;
    }

    // Opened when first needed, so that a folder which does not exist yet keeps nothing from starting.
    private FileRoot Root => _root ?? Interlocked.CompareExchange(ref _root, FileRoot.Open(_config.Root.Value), null) ?? _root;

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
