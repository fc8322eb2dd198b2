using System.Globalization;
using System.Net;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Net.Files;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Files;

/// <summary>Answers with the names in a folder, folders first: as a page, or as JSON for a client that prefers it. Names are encoded for where they stand.</summary>
internal static class FolderListing
{
    // A page of this many names is already more than anyone reads.
    private const int Limit = 10_000;

    public static async ValueTask SendAsync(Exchange exchange, FileRoot root, byte[] path)
    {
        var reading = new Reading(root, path);
        var (entries, isTruncated) = await reading.RunAsync();
        entries.RemoveAll(static entry => entry.Name.Span is [(byte)'.', ..]);
        entries.Sort(static (a, b) => a.Facts.Kind == FileKind.Folder != (b.Facts.Kind == FileKind.Folder)
            ? a.Facts.Kind == FileKind.Folder ? -1 : 1
            : a.Name.Span.SequenceCompareTo(b.Name.Span));
        var isJson = exchange.Request.Headers.TryGet(KnownHeader.Accept, out var accept) && accept.StartsWith("application/json"u8);
        exchange.Response.Headers.Add(KnownHeader.Vary, "Accept"u8);
        exchange.Response.Headers.Add(KnownHeader.ContentType, isJson ? "application/json"u8 : "text/html; charset=utf-8"u8);
        var title = Encoding.UTF8.GetString(exchange.Request.Path);
        await exchange.SendAsync(isJson ? Json(entries) : Encoding.UTF8.GetBytes(Page(title, entries, isTruncated)));
    }

    private static byte[] Json(List<FolderEntry> entries)
    {
        using var stream = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var entry in entries)
            {
                json.WriteStartObject();
                json.WriteString("name", Encoding.UTF8.GetString(entry.Name.Span));
                json.WriteString("type", entry.Facts.Kind == FileKind.Folder ? "folder" : "file");
                json.WriteNumber("size", entry.Facts.Length);
                json.WriteString("modified", DateTimeOffset.FromUnixTimeSeconds(entry.Facts.ModifiedSeconds));
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return stream.ToArray();
    }

    private static string Page(string title, List<FolderEntry> entries, bool isTruncated)
    {
        var page = new StringBuilder();
        var heading = WebUtility.HtmlEncode(title);
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>").Append(heading);
        page.Append("</title>\n<style>body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}table{border-collapse:collapse;width:100%}" +
            "td{padding:.15rem .5rem}td+td{text-align:right;white-space:nowrap;color:#666}a{text-decoration:none}a:hover{text-decoration:underline}</style></head>\n");
        page.Append("<body><h1>").Append(heading).Append("</h1>\n<table>\n");
        if (title != "/")
            page.Append("<tr><td><a href=\"../\">../</a></td><td></td><td></td></tr>\n");
        foreach (var entry in entries)
        {
            var slash = entry.Facts.Kind == FileKind.Folder ? "/" : "";
            var name = Encoding.UTF8.GetString(entry.Name.Span) + slash;
            // './' keeps a name with a colon from being read as a URL with a scheme.
            page.Append("<tr><td><a href=\"./").Append(Uri.EscapeDataString(Encoding.UTF8.GetString(entry.Name.Span))).Append(slash).Append("\">").Append(WebUtility.HtmlEncode(name))
                .Append("</a></td><td>").Append(slash.Length > 0 ? "" : entry.Facts.Length.ToString("N0", CultureInfo.InvariantCulture)).Append("</td><td>")
                .Append(DateTimeOffset.FromUnixTimeSeconds(entry.Facts.ModifiedSeconds).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)).Append("</td></tr>\n");
        }
        page.Append("</table>\n");
        if (isTruncated)
            page.Append("<p>There are more; this list ends after ").Append(Limit).Append(" names.</p>\n");
        return page.Append("</body>\n</html>\n").ToString();
    }

    private sealed class Reading(FileRoot root, byte[] path) : IoWork
    {
        private readonly ReactorWait<bool> _done = new();
        private readonly List<FolderEntry> _entries = [];
        private bool _isTruncated;
        private int _errno;

        public async ValueTask<(List<FolderEntry> Entries, bool IsTruncated)> RunAsync()
        {
            _done.Begin(resumeInline: true);
            if (!IoPool.Shared.TryRun(this, Reactor.Current!))
                throw new IOException("too many folders wait to be listed");
            await _done.Task;
            return _errno == 0 ? (_entries, _isTruncated) : throw new IOException($"the folder cannot be listed (errno {_errno})");
        }

        protected override void Execute() => _errno = root.TryList(path, Limit, _entries, out _isTruncated);

        protected override void Complete(Exception? failure)
        {
            if (failure is not null)
                _done.SetException(failure);
            else
                _done.SetResult(true);
        }
    }
}
