using System.Text;
using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Tools.Get;

/// <summary>A request and its response, as they went over the wire.</summary>
/// <param name="Started">When the request was sent.</param>
/// <param name="Request">The request's head.</param>
internal sealed record HeadPair(DateTimeOffset Started, string Request)
{
    public string Version { get; set; } = "";

    public int Status { get; set; }

    public string Reason { get; set; } = "";

    public HeaderList? Headers { get; set; }

    public TimeSpan Wait { get; set; }

    /// <summary>The response's head as text.</summary>
    public string Response
    {
        get
        {
            var text = new StringBuilder($"{Version} {Status} {Reason}\r\n");
            for (var i = 0; i < Headers!.Count; i++)
                text.Append($"{Encoding.Latin1.GetString(Headers[i].Name)}: {Encoding.Latin1.GetString(Headers[i].Value)}\r\n");
            return text.Append("\r\n").ToString();
        }
    }
}

/// <summary>Collects the heads of one transfer, and shows them on the way with -v.</summary>
internal sealed class HeadLog(TextWriter? verbose) : IRequestObserver
{
    public List<HeadPair> Pairs { get; } = [];

    public int Connections { get; private set; }

    public void OnConnection(Endpoint endpoint, bool isReused)
    {
        if (!isReused)
            Connections++;
        verbose?.WriteLine(isReused ? $"* Using the connection to {endpoint} again" : $"* Connected to {endpoint}");
    }

    public void OnRequest(ReadOnlySpan<byte> head)
    {
        var text = Encoding.Latin1.GetString(head);
        Pairs.Add(new HeadPair(DateTimeOffset.UtcNow, text));
        Show('>', text);
    }

    public void OnResponse(HttpVersion version, int status, string reason, HeaderList headers)
    {
        var pair = Pairs[^1];
        if (pair.Headers is not null)
        {
            // The one before was an interim response; this one answers the same request.
            pair = new HeadPair(pair.Started, pair.Request);
            Pairs.Add(pair);
        }
        (pair.Version, pair.Status, pair.Reason, pair.Headers) = (version == HttpVersion.Http10 ? "HTTP/1.0" : "HTTP/1.1", status, reason, headers);
        pair.Wait = DateTimeOffset.UtcNow - pair.Started;
        if (verbose is not null)
            Show('<', pair.Response);
    }

    private void Show(char mark, string head)
    {
        if (verbose is null)
            return;
        foreach (var line in head[..^2].Split("\r\n"))
            verbose.WriteLine($"{mark} {line}");
    }
}
