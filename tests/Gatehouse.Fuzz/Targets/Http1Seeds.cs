namespace Gatehouse.Fuzz.Targets;

/// <summary>Messages of HTTP/1, one for each shape that the codec tells apart.</summary>
internal static class Http1Seeds
{
    public static IEnumerable<byte[]> Requests => Seeds.Of(
        "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n",
        "GET http://example.com:8080/a?b=c HTTP/1.1\r\nHost: example.com:8080\r\nAccept: */*\r\n\r\n",
        "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nhello=world",
        "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
        "PUT /e HTTP/1.1\r\nHost: [::1]:80\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
        "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n",
        "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "\r\nM-SEARCH * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\nX-Obs: caf\u00e9\r\nX-Empty:\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    public static IEnumerable<byte[]> Responses => Seeds.Of(
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello",
        "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\nServer: a\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n",
        "HTTP/1.1 304\r\nETag: \"a\"\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "HTTP/1.0 200 OK\r\nX-Folded: one\r\n two\r\nX-Space : 1\r\n\r\nuntil close",
        "HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 3, 3\r\n\r\nbad");

    public static IEnumerable<byte[]> ChunkedBodies => Seeds.Of(
        "0\r\n\r\n",
        "5\r\nhello\r\n0\r\n\r\n",
        "00000a\r\n0123456789\r\nA;name=value;q=\"a\\\"b\"\r\n0123456789\r\n0\r\n\r\n",
        "1\r\na\r\n0;last\r\nX-Sum: 1\r\nContent-Length: 5\r\nX-Empty:\r\n\r\nGET / HTTP/1.1\r\n",
        "ffffffffffffffff\r\n",
        "1 ; a = b\r\nx\r\n000\r\n\r\n");
}
