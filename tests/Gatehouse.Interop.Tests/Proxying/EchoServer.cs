using System.Text;

namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>A server before one well-behaved upstream, shared by the tests of a class: /head/... answers with the head it saw, /echo with the body, the rest as named.</summary>
public sealed class EchoServer : IDisposable
{
    public EchoServer()
    {
        Upstream = ScriptedUpstream.Answering(Reply);
        Served = Served.Start($$$"""
            sites:
              - hosts: [by-target.example]
                routes: [{match: /*, proxy: {to: ["{{{Upstream.Address}}}"], host: target}}]
              - hosts: [by-name.example]
                routes: [{match: /*, proxy: {to: ["{{{Upstream.Address}}}"], host: "fixed.example:81"}}]
              - routes:
                  - {match: /app/*, proxy: {to: ["{{{Upstream.Address}}}"], strip: /app}}
                  - {match: /über/*, proxy: {to: ["{{{Upstream.Address}}}"], strip: /über}}
                  - {match: /unbuffered/*, proxy: {to: ["{{{Upstream.Address}}}"], strip: /unbuffered, buffer: off}}
                  - {match: /spilled/*, proxy: {to: ["{{{Upstream.Address}}}"], strip: /spilled, buffer-memory: 64KB}}
                  - {match: /*, proxy: {to: ["{{{Upstream.Address}}}"]}}
            """);
    }

    public ScriptedUpstream Upstream { get; }

    public Served Served { get; }

    /// <summary>The last request that the upstream answered.</summary>
    public UpstreamRequest Last { get; private set; } = new("", []);

    public void Dispose()
    {
        Served.Dispose();
        Upstream.Dispose();
    }

    private byte[] Reply(UpstreamRequest request)
    {
        Last = request;
        var path = request.Path;
        if (request.Method == "HEAD") return "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nETag: \"h\"\r\n\r\n"u8.ToArray();
        if (path == "/echo") return Answer.Of(200, request.Body);
        if (path == "/echo-chunked") return Answer.Chunked(request.Body, 5000);
        if (path.StartsWith("/status/", StringComparison.Ordinal)) return Answer.Of(int.Parse(path[8..], System.Globalization.CultureInfo.InvariantCulture), "body"u8);
        return path switch
        {
            "/not-modified" => "HTTP/1.1 304 Not Modified\r\nETag: \"n\"\r\nContent-Length: 99\r\n\r\n"u8.ToArray(),
            "/no-content" => "HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(),
            "/trailers" => Answer.Chunked("content"u8, 3, "X-Checksum: abc", "Server-Timing: t;dur=1"),
            "/early" => [.. "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nConnection: X-Hop\r\nX-Hop: 1\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"u8, .. Answer.Ok("late")],
            "/hop" => Answer.Ok(
                "hop", "Connection: X-Private, keep-alive", "X-Private: 1", "Keep-Alive: timeout=5", "Proxy-Authenticate: Basic", "Proxy-Connection: keep-alive", "X-Public: 2",
                "Set-Cookie: a=1", "Set-Cookie: b=2", "Server: upstream/1", "Date: Thu, 01 Jan 1970 00:00:00 GMT"),
            "/latin" => Answer.Ok("latin", "X-Latin: caf\u00e9"),
            "/large-head" => Answer.Ok("large", [.. Enumerable.Range(0, 60).Select(i => $"X-Field-{i}: {new string('v', 200)}")]),
            _ => Encoding.Latin1.GetBytes(request.Head) is var head ? Answer.Of(200, head, "Content-Type: text/plain") : [],
        };
    }
}
