using Gatehouse.Http.Urls;

namespace Gatehouse.Http.Client.Tests.Support;

/// <summary>Short forms for tests of the requester.</summary>
internal static class RequesterLab
{
    public static ClientTimeouts Quick { get; } = new() { FirstByte = TimeSpan.FromSeconds(20), Idle = TimeSpan.FromSeconds(20) };

    /// <summary>Asks for a URL and reads the answer whole.</summary>
    public static async Task<(ClientResponse Response, string Body)> GetTextAsync(this HttpRequester requester, Url url)
    {
        using var response = await requester.GetAsync(url);
        return (response, await response.ReadTextAsync());
    }

    /// <summary>Sends a request and reads the answer whole.</summary>
    public static async Task<(ClientResponse Response, string Body)> SendTextAsync(this HttpRequester requester, ClientRequest request)
    {
        using var response = await requester.SendAsync(request);
        return (response, await response.ReadTextAsync());
    }

    /// <summary>A server that answers each request with its own head and body as text, over as many requests as come.</summary>
    public static async Task MirrorAsync(ServerSide side)
    {
        try
        {
            while (true)
            {
                var (head, body) = await side.ReadRequestAsync();
                var text = head + body;
                // One byte for each character: texts are Latin-1 here.
                await side.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Length: {text.Length}\r\n\r\n{text}");
            }
        }
        catch (IOException)
        {
            // The client has closed or reset.
        }
    }
}
