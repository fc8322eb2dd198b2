using System.Globalization;
using System.Text;
using Gatehouse.Edge.Files;
using Gatehouse.Edge.Proxy;
using Gatehouse.Http;
using Gatehouse.Protocols.Cgi;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Gateways.Peers;

/// <summary>
/// Takes a script's answer over: status, length and fields, and what the script leaves to this server: a local redirect (RFC 3875 section 6.2.2) or
/// X-Accel-Redirect, which another route answers, and X-Sendfile, a file that is sent.
/// </summary>
/// <param name="site">Answers local redirects.</param>
/// <param name="files">What X-Sendfile may name; null when it may name nothing.</param>
internal sealed class ScriptAnswer(IHandler site, NamedFiles? files)
{
    // As many as Apache follows (LimitInternalRecursion).
    private const int MaxRedirects = 10;

    /// <summary>What the script leaves to this server; <see cref="ScriptErrandKind.None"/> for an answer of its own.</summary>
    public static ScriptErrand ErrandOf(CgiResponseParser from, byte[] buffer)
    {
        if (from.IsLocalRedirect)
            return new ScriptErrand(ScriptErrandKind.Redirect, from.LocationOf(buffer).ToArray());
        if (from.Headers.TryGet(KnownHeader.XAccelRedirect, out var path))
            return new ScriptErrand(ScriptErrandKind.Redirect, path.ToArray());
        return from.Headers.TryGet(KnownHeader.XSendfile, out var file) ? new ScriptErrand(ScriptErrandKind.File, file.ToArray()) : default;
    }

    /// <summary>Copies status, length and fields, without what belongs to a connection or is meant for this server.</summary>
    public static void Copy(CgiResponseParser from, Response to)
    {
        to.Status = from.Status;
        to.ContentLength = from.ContentLength;
        for (var i = 0; i < from.Headers.Count; i++)
        {
            var field = from.Headers[i];
            if (!HopByHop.IsAlways(field.Known) && field.Known is not (KnownHeader.XAccelBuffering or KnownHeader.XAccelRedirect or KnownHeader.XSendfile))
                to.Headers.Add(field);
        }
    }

    /// <summary>Copies what stays of the answer when this server runs the errand: what describes the content, and cookies (nginx keeps the same).</summary>
    public static void CopyForErrand(CgiResponseParser from, Response to)
    {
        to.Status = from.IsLocalRedirect ? 200 : from.Status;
        for (var i = 0; i < from.Headers.Count; i++)
        {
            var field = from.Headers[i];
            if (field.Known is KnownHeader.SetCookie or KnownHeader.CacheControl or KnownHeader.Expires || (!from.IsLocalRedirect
                && field.Known is KnownHeader.ContentType or KnownHeader.ContentDisposition or KnownHeader.ContentLanguage))
                to.Headers.Add(field);
        }
    }

    /// <summary>Runs the errand, once the script's connection is free again.</summary>
    public ValueTask RunAsync(ScriptErrand errand, Exchange exchange) =>
        errand.Kind == ScriptErrandKind.Redirect ? RedirectAsync(errand.Target, exchange) : SendFileAsync(errand.Target, exchange);

    private ValueTask RedirectAsync(byte[] target, Exchange exchange)
    {
        var question = target.AsSpan().IndexOf((byte)'?');
        var raw = question < 0 ? target : target.AsSpan(0, question);
        var path = new byte[Math.Max(raw.Length, 1)];
        if (++exchange.Notes.InternalRedirects > MaxRedirects)
            return Fail(exchange, string.Create(CultureInfo.InvariantCulture, $"scripts redirected the request {MaxRedirects} times on this server; the last target is {Encoding.UTF8.GetString(target)}"));
        if (!UrlPath.TryNormalize(raw, path, out var length) || !exchange.Request.TryRewrite(path.AsSpan(0, length), question < 0 ? default : target.AsSpan(question + 1), question >= 0))
            return Fail(exchange, $"the script redirects to '{Encoding.UTF8.GetString(target)}', which is no path of this server");
        exchange.Request.BecomeGet();
        return site.HandleAsync(exchange);
    }

    private ValueTask SendFileAsync(byte[] target, Exchange exchange) => files is null
        ? Fail(exchange, $"the script names the file '{Encoding.UTF8.GetString(target)}' in X-Sendfile, but the route has no send-files")
        : files.SendAsync(exchange, target);

    private static ValueTask Fail(Exchange exchange, string failure)
    {
        exchange.Notes.Failure = failure;
        exchange.Response.Reset();
        exchange.Response.Status = 502;
        return default;
    }
}
