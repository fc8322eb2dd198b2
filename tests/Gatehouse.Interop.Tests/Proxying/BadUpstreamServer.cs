namespace Gatehouse.Interop.Tests.Proxying;

/// <summary>A server before an upstream that does what the path says, shared by the tests of a class.</summary>
public sealed class BadUpstreamServer : IDisposable
{
    public BadUpstreamServer()
    {
        Upstream = new ScriptedUpstream(connection =>
        {
            while (Play(connection, connection.ReadHead()))
            {
            }
        });
        Served = Served.Start($$$"""
            sites:
              - routes:
                  - {match: /refused/*, proxy: {to: ["127.0.0.1:{{{FreePort.Tcp()}}}"]}}
                  - {match: /streamed/*, proxy: {to: ["{{{Upstream.Address}}}"], strip: /streamed, buffer: off, timeouts: {first-byte: 500ms, idle: 500ms} }}
                  - {match: /*, proxy: {to: ["{{{Upstream.Address}}}"], timeouts: {first-byte: 500ms, idle: 500ms} }}
            """);
    }

    public ScriptedUpstream Upstream { get; }

    public Served Served { get; }

    public void Dispose()
    {
        Served.Dispose();
        Upstream.Dispose();
    }

    // True when the connection goes on.
    private static bool Play(UpstreamConnection connection, UpstreamRequest request)
    {
        const string Ok = "HTTP/1.1 200 OK\r\n";
        const string Smuggled = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled";
        switch (request.Path)
        {
            case "/fine":
                connection.Send($"{Ok}Content-Length: 4\r\n\r\nfine");
                return true;
            case "/close-at-once":
                return false;
            case "/reset":
                connection.Reset();
                return false;
            case "/never" or "/half-head":
                if (request.Path == "/half-head") connection.Send($"{Ok}Content-Le");
                connection.ReadToEnd();
                return false;
            case "/stalls":
                connection.Send($"{Ok}Content-Length: 100\r\n\r\nten bytes.");
                connection.ReadToEnd();
                return false;
            case "/reset-in-body":
                connection.Send($"{Ok}Content-Length: 100\r\n\r\nten bytes.");
                Thread.Sleep(100);
                connection.Reset();
                return false;
            case "/refuses-body":
                connection.Send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 9\r\n\r\ntoo large");
                connection.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
                connection.ReadToEnd();
                return false;
            case "/refuses-and-resets":
                connection.Send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 9\r\n\r\ntoo large");
                Thread.Sleep(50);
                // With bytes unread this is a reset.
                return false;
            case "/refuses-and-waits":
                connection.Send("HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large");
                // Longer than the proxy waits for a target that takes nothing.
                Thread.Sleep(2000);
                return false;
            case "/endless-head":
                connection.Send(Ok);
                for (var i = 0; i < 1000; i++) connection.Send($"X-Field: {new string('v', 1000)}\r\n");
                return false;
            case "/many-fields":
                connection.Send(Ok + string.Concat(Enumerable.Repeat("X: y\r\n", 1000)) + "Content-Length: 0\r\n\r\n");
                return false;
            default:
                connection.Send(request.Path switch
                {
                    "/close-in-head" => "HTTP/1.1 200 OK\r\nContent-Len",
                    "/garbage" => "this is no protocol that anybody knows\r\n\r\n",
                    "/binary" => "\0\u0001\u0002\u00ff\u00fe\r\n\r\n",
                    "/http2" => "\0\0\u0012\u0004\0\0\0\0\0\0\u0003\0\0\0\u0080\0\u0004\0\u0001\0\0\0\u0005\0\u00ff\u00ff\u00ff",
                    "/bad-field" => $"{Ok}X-Injected\0: 1\r\nContent-Length: 0\r\n\r\n",
                    "/bare-cr" => $"{Ok}X-A: 1\rX-Injected: 1\r\nContent-Length: 0\r\n\r\n",
                    "/folded" => $"{Ok}X-A: 1\r\n X-Injected: 1\r\nContent-Length: 0\r\n\r\n",
                    "/two-lengths" => $"{Ok}Content-Length: 1\r\nContent-Length: 50\r\n\r\n1{Smuggled}",
                    "/length-and-chunked" => $"{Ok}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}",
                    "/negative-length" => $"{Ok}Content-Length: -5\r\n\r\n",
                    "/unknown-coding" => $"{Ok}Transfer-Encoding: xyz\r\n\r\n0\r\n\r\n",
                    "/cut" => $"{Ok}Content-Length: 100\r\n\r\nten bytes.",
                    "/cut-chunked" => $"{Ok}Transfer-Encoding: chunked\r\n\r\na\r\nten bytes.\r\n",
                    "/cut-in-chunk-size" => $"{Ok}Transfer-Encoding: chunked\r\n\r\na\r\nten bytes.\r\n2",
                    "/bad-chunk" => $"{Ok}Transfer-Encoding: chunked\r\n\r\na\r\nten bytes.more than ten\r\n0\r\n\r\n",
                    "/long" => $"{Ok}Content-Length: 4\r\n\r\nfour{Smuggled}",
                    "/two-answers" => $"{Ok}Content-Length: 4\r\n\r\nfour{Smuggled}{Smuggled}",
                    "/answer-behind-204" => $"HTTP/1.1 204 No Content\r\n\r\n{Smuggled}",
                    "/answer-behind-304" => $"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\n{Smuggled}",
                    "/long-head" => $"{Ok}Content-Length: 4\r\n\r\nfour",
                    "/until-close" => $"{Ok}\r\nto the end",
                    "/http-1.0" => "HTTP/1.0 200 OK\r\n\r\nto the end",
                    "/http-1.0-length" => "HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nto the end",
                    "/chunked-close" => $"{Ok}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\nA;x=y\r\nto the end\r\n0\r\n\r\n",
                    _ => throw new InvalidOperationException($"No script for {request.Path}."),
                });
                return request.Path is "/folded" or "/long" or "/two-answers" or "/answer-behind-204" or "/answer-behind-304" or "/long-head";
        }
    }
}
