using System.Text;

namespace Gatehouse.Fuzz.Mutations;

/// <summary>Words that take a parser of the web's text protocols onto its rarer paths.</summary>
internal static class Tokens
{
    public static readonly byte[][] All =
    [
        .. new[]
        {
            "Content-Length: 5\r\n", "Content-Length: 5, 5\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding : chunked\r\n", "Host: a\r\n", "Host:\r\n",
            "Connection: close\r\n", "Connection: Upgrade\r\n", "Upgrade: websocket\r\n", "Expect: 100-continue\r\n", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0",
            "HTTP/0.9", "GET", "CONNECT", "OPTIONS", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "chunked", "identity", "http://", "//", "/../", "/./", "/%2e%2e/", "%2f", "%5c", "%00", "%", "%zz", "%u0041", "%25", "%C0%AF", "%F0%9F%98%80",
            "..;/", "*", "?", "#", "@", "[::1]", "[::ffff:127.0.0.1]", "127.0.0.1", "0.0.0.0", ":80", "unix:", "xn--",
            "0\r\n\r\n", "1\r\na\r\n", ";ext=\"a\\\"b\"", ";q=0.5", ";q=1.001", ", ,", "\"", "\\\"", "\"\\", "=", ";", ",", ":", "bytes=0-", "bytes=-1",
            "bytes=0-0,-1", "W/\"", "gzip", "br", "zstd",
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Expires=", "Max-Age=", "Domain=", "Path=/",
            "Secure", "HttpOnly", "SameSite=None", "__Host-", "__Secure-",
            "--", "boundary=", "Content-Disposition: form-data; name=\"a\"\r\n", "filename*=UTF-8''%e2%82%ac", "?1", ":aGVsbG8=:", "@1659578233",
            "%\"f%c3%bc\"", "(a b)", "- ", "{", "}", "[", "]", "&a ", "*a", "!!str ", "|\n", ">\n", "<<: ", "---\n", "...\n", "${A}", "${file:", "\t",
        }.Select(Encoding.Latin1.GetBytes),
        [0x00], [0x7F], [0x80], [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x80, 0xA8],
    ];
}
