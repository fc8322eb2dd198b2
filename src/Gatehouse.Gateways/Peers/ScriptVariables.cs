using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Cgi;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Gateways.Peers;

/// <summary>
/// The variables of a request: all of RFC 3875 section 4.1 that this server knows, and those that Apache and nginx add. REMOTE_HOST is the address, since
/// names are not looked up; REMOTE_IDENT is left out, since nobody asks an ident service any more.
/// </summary>
internal sealed class ScriptVariables
{
    [ThreadStatic]
    private static CgiVariables? _table;

    private readonly byte[] _root;
    private readonly (byte[] Name, byte[] Value)[] _more;

    /// <summary>For scripts of the folder <paramref name="root"/> (empty for an application that has none), with the configuration's own variables.</summary>
    public ScriptVariables(string root, IReadOnlyDictionary<string, string> more)
    {
        _root = Encoding.UTF8.GetBytes(root);
        _more = [.. more.Select(pair => (Encoding.UTF8.GetBytes(pair.Key), Encoding.UTF8.GetBytes(pair.Value)))];
    }

    /// <summary>What SERVER_SOFTWARE says (RFC 3875 section 4.1.17).</summary>
    public static ReadOnlySpan<byte> Software => "gatehouse"u8;

    /// <summary>
    /// Fills the thread's table, which is good until it is filled again.
    /// </summary>
    /// <param name="exchange">The request.</param>
    /// <param name="place">Where in its path the script is.</param>
    /// <param name="contentLength">Length of the body; 0 for none.</param>
    public CgiVariables Fill(Exchange exchange, in ScriptPlace place, long contentLength)
    {
        var table = _table ??= new CgiVariables();
        var request = exchange.Request;
        table.Clear();
        table.Add("GATEWAY_INTERFACE"u8, "CGI/1.1"u8);
        table.Add("SERVER_SOFTWARE"u8, Software);
        table.Add("SERVER_PROTOCOL"u8, request.Version switch { HttpVersion.Http10 => "HTTP/1.0"u8, HttpVersion.Http11 => "HTTP/1.1"u8, _ => "HTTP/2.0"u8 });
        table.Add("SERVER_SIGNATURE"u8, ""u8);
        table.Add("SERVER_ADMIN"u8, ""u8);
        AddServer(table, exchange);
        AddClient(table, exchange);
        table.Add("REQUEST_METHOD"u8, request.MethodName);
        table.Add("QUERY_STRING"u8, request.Query);
        AddPaths(table, request, place);
        if (contentLength > 0 || request.Headers.Contains(KnownHeader.ContentLength))
            table.Add("CONTENT_LENGTH"u8, contentLength);
        table.AddFields(request.Headers, withAuthorization: exchange.Notes.User is null);
        foreach (var (name, value) in _more)
            table.Set(name, value);
        return table;
    }

    // The name is the one that the client used. So is the port behind a proxy that is trusted; otherwise it is the port that the request came in on.
    private static void AddServer(CgiVariables table, Exchange exchange)
    {
        var request = exchange.Request;
        var local = exchange.LocalEndpoint;
        var authority = request.Authority;
        table.Begin("SERVER_NAME"u8);
        if (authority.IsEmpty)
            AppendAddress(table, local);
        else
            table.Append(request.Host);
        var named = authority.Length > request.Host.Length ? authority[(request.Host.Length + 1)..] : default;
        if (!request.IsViaTrustedProxy && !local.IsUnix && !local.Address.IsNone)
            table.Add("SERVER_PORT"u8, local.Port);
        else if (!named.IsEmpty)
            table.Add("SERVER_PORT"u8, named);
        else
            table.Add("SERVER_PORT"u8, request.IsSecure ? "443"u8 : "80"u8);
        table.Begin("SERVER_ADDR"u8);
        AppendAddress(table, local);
        table.Add("REQUEST_SCHEME"u8, request.IsSecure ? "https"u8 : "http"u8);
        if (request.IsSecure)
            table.Add("HTTPS"u8, "on"u8);
    }

    private static void AddClient(CgiVariables table, Exchange exchange)
    {
        var client = exchange.Request.Client;
        table.Begin("REMOTE_ADDR"u8);
        AppendAddress(table, client);
        table.Begin("REMOTE_HOST"u8);
        AppendAddress(table, client);
        if (!client.IsUnix && client.Port != 0)
            table.Add("REMOTE_PORT"u8, client.Port);
        if (exchange.Notes.User is not { } user)
            return;
        table.Add("AUTH_TYPE"u8, "Basic"u8);
        Span<byte> name = stackalloc byte[256];
        table.Add("REMOTE_USER"u8, Encoding.UTF8.TryGetBytes(user, name, out var length) ? name[..length] : Encoding.UTF8.GetBytes(user));
    }

    private void AddPaths(CgiVariables table, Request request, in ScriptPlace place)
    {
        table.Begin("REQUEST_URI"u8);
        if (request.Target is [(byte)'/', ..])
        {
            table.Append(request.Target);
        }
        else
        {
            table.Append(request.RawPath);
            if (request.HasQuery)
                table.Append("?"u8);
            table.Append(request.Query);
        }
        table.Add("DOCUMENT_URI"u8, request.Path);
        place.AddName(table, request);
        var info = place.Script is null ? request.Path[place.InfoStart..] : default;
        table.Add("PATH_INFO"u8, info);
        if (_root.Length == 0)
            return;
        table.Add("DOCUMENT_ROOT"u8, _root);
        table.Begin("SCRIPT_FILENAME"u8);
        table.Append(_root);
        table.Append(place.PathOf(request));
        // PHP's CGI program runs a script only when a server says that it has chosen it.
        table.Add("REDIRECT_STATUS"u8, "200"u8);
        if (info.IsEmpty)
            return;
        table.Begin("PATH_TRANSLATED"u8);
        table.Append(_root);
        table.Append(info);
    }

    private static void AppendAddress(CgiVariables table, Endpoint endpoint)
    {
        if (endpoint.IsUnix || endpoint.Address.IsNone)
        {
            table.Append("unix:"u8);
            return;
        }
        Span<byte> text = stackalloc byte[64];
        endpoint.Address.TryFormat(text, out var length);
        table.Append(text[..length]);
    }
}
