using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Http.Urls;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Tools.Get;

/// <summary>What is known of a transfer when it is over.</summary>
internal sealed record TransferReport(Url Url, string Method)
{
    public int ExitCode { get; set; }

    public string? Error { get; set; }

    public int Status { get; set; }

    public HttpVersion Version { get; set; }

    public HeaderList? Headers { get; set; }

    public Url EffectiveUrl { get; set; } = Url;

    public int Redirects { get; set; }

    public Endpoint Remote { get; set; }

    public ClientTiming? Timing { get; set; }

    public TimeSpan Total { get; set; }

    public long Downloaded { get; set; }

    public string? File { get; set; }

    public IReadOnlyList<HeadPair> Heads { get; set; } = [];

    public int Connections { get; set; }

    /// <summary>A field of the response; null without it.</summary>
    public string? Header(string name) =>
        Headers is { } headers && headers.TryGet(System.Text.Encoding.ASCII.GetBytes(name), out var value) ? System.Text.Encoding.Latin1.GetString(value) : null;
}
