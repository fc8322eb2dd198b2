using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Files;

/// <summary>Sends files that an application names (X-Sendfile), from folders that it may name files of.</summary>
public sealed class NamedFiles
{
    private readonly (byte[] Folder, FileStore Store)[] _folders;

    /// <summary>Files of these folders, absolute paths, and of no other.</summary>
    public NamedFiles(FileStores stores, IEnumerable<string> folders)
    {
        ArgumentNullException.ThrowIfNull(stores);
        _folders =
        [
            .. folders.Select(folder => folder.TrimEnd('/')).Select(folder =>
                (Encoding.UTF8.GetBytes(folder + "/"), stores.Get(new FilesConfig { Root = new FilePath(folder), Precompressed = false }))),
        ];
    }

    /// <summary>Answers with the file at <paramref name="path"/>, absolute or below the first folder, in the way of <c>files</c>; 404 when it is none that may be sent.</summary>
    public async ValueTask SendAsync(Exchange exchange, byte[] path)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            foreach (var (folder, store) in _folders)
            {
                var isBelow = path.AsSpan().StartsWith(folder);
                if (!isBelow && path is [(byte)'/', ..])
                    continue;
                if (await store.FindAsync(isBelow ? path[folder.Length..] : path) is { IsFolder: false } entry)
                {
                    await FileSender.Send(exchange, entry);
                    return;
                }
            }
            exchange.Response.Headers.Remove(KnownHeader.ContentType);
            exchange.Notes.Failure = $"the application names the file '{Encoding.UTF8.GetString(path)}', which is not there or not in a folder that it may name";
            exchange.Response.Status = 404;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && !exchange.Response.HasStarted)
        {
            exchange.Notes.Failure = exception.Message;
            exchange.Response.Reset();
            exchange.Response.Status = 503;
        }
    }
}
