using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Gatehouse.Http;
using Gatehouse.Http.Urls;

namespace Gatehouse.Edge.Rewrite;

/// <summary>
/// Rewrites and hands on. A path that comes out is normalised again, so that what a group brought in can neither leave the root nor hide a segment. Only a
/// path that a regular expression matches costs memory: .NET gives groups of strings alone.
/// </summary>
internal sealed class RewriteHandler : IHandler
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _pathRoom;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _queryRoom;

    private readonly IHandler _inner;
    private readonly RewriteTemplate? _to;
    private readonly byte[]? _from;
    private readonly Regex? _regex;
    private readonly QueryRules? _query;

    public RewriteHandler(RewriteConfig config, IHandler inner)
    {
        _inner = inner;
        _from = config.From is null ? null : Encoding.UTF8.GetBytes(config.From);
        _regex = config.Regex is null ? null : PathRegex.Compile(config.Regex);
        _query = config.Query.IsEmpty ? null : new QueryRules(config.Query);
        if (config.To is not null && !RewriteTemplate.TryParse(config.To, _regex?.GetGroupNumbers().Max() ?? -1, out _to, out var fault))
            throw new ArgumentException(fault, nameof(config));
    }

    public ValueTask HandleAsync(Exchange exchange)
    {
        var request = exchange.Request;
        // OPTIONS * and CONNECT have no path to rewrite.
        if (request.Path is not [(byte)'/', ..])
            return _inner.HandleAsync(exchange);
        Match? match = null;
        if (_regex is not null && (match = Match(_regex, request.Path)) is null)
            return _inner.HandleAsync(exchange);
        if (_from is not null && !IsBelow(request.Path, _from))
            return _inner.HandleAsync(exchange);
        Rewrite(request, match);
        return _inner.HandleAsync(exchange);
    }

    private void Rewrite(Request request, Match? match)
    {
        var path = _pathRoom ??= new ArrayBufferWriter<byte>(256);
        var query = _queryRoom ??= new ArrayBufferWriter<byte>(256);
        path.ResetWrittenCount();
        query.ResetWrittenCount();
        if (_to is null)
        {
            path.Write(request.Path);
        }
        else
        {
            WritePath(_to, match, path);
            WriteQuery(_to, match, query);
        }
        if (_from is not null)
            path.Write(request.Path[_from.Length..]);
        if (_query is not null)
            _query.Write(request.Query, query);
        else if (!request.Query.IsEmpty)
        {
            if (query.WrittenCount > 0)
                query.Write("&"u8);
            query.Write(request.Query);
        }
        var hasQuery = query.WrittenCount > 0 || (request.HasQuery && _query is null);
        if (!request.TryRewrite(path.WrittenSpan, query.WrittenSpan, hasQuery))
            throw new BadRequestException("the path that the rewrite makes of the request's leaves the root or cannot stand in a target");
    }

    private static void WritePath(RewriteTemplate to, Match? match, ArrayBufferWriter<byte> path)
    {
        foreach (var part in to.Path)
        {
            if (part.Group < 0)
                path.Write(part.Literal);
            else
                Encoding.UTF8.GetBytes(match!.Groups[part.Group].ValueSpan, path);
        }
    }

    private static void WriteQuery(RewriteTemplate to, Match? match, ArrayBufferWriter<byte> query)
    {
        foreach (var part in to.Query)
        {
            if (part.Group < 0)
                query.Write(part.Literal);
            else
                PercentEncoding.Encode(Encoding.UTF8.GetBytes(match!.Groups[part.Group].Value), PercentEncodeSet.Component, query);
        }
    }

    private static bool IsBelow(ReadOnlySpan<byte> path, ReadOnlySpan<byte> folder) =>
        path.StartsWith(folder) && (path.Length == folder.Length || path[folder.Length] == '/');

    // Paths that do not match, the most, are looked at without a string.
    private static Match? Match(Regex regex, ReadOnlySpan<byte> path)
    {
        Span<char> text = path.Length <= 512 ? stackalloc char[512] : new char[path.Length];
        text = text[..Encoding.UTF8.GetChars(path, text)];
        return regex.IsMatch(text) ? regex.Match(text.ToString()) : null;
    }
}
