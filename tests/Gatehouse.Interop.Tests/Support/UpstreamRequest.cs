using System.Globalization;

namespace Gatehouse.Interop.Tests.Support;

/// <summary>A request as an upstream saw it on the wire.</summary>
/// <param name="Head">Request line and fields with their line ends, as received.</param>
/// <param name="Body">The content, without chunked framing.</param>
/// <param name="Trailers">What stood behind a chunked body.</param>
public sealed record UpstreamRequest(string Head, byte[] Body, string Trailers = "")
{
    private string[] Lines => Head.Split("\r\n");

    /// <summary>The method.</summary>
    public string Method => Lines[0].Split(' ')[0];

    /// <summary>The request target.</summary>
    public string Target => Lines[0].Split(' ')[1];

    /// <summary>The path of the target.</summary>
    public string Path => Target.Split('?')[0];

    /// <summary>True when a body is announced as chunked.</summary>
    public bool IsChunked => this["Transfer-Encoding"] is not null;

    /// <summary>The announced length; 0 without one.</summary>
    public long ContentLength => this["Content-Length"] is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    /// <summary>The values of all fields of this name, joined by ", "; null when there is none.</summary>
    public string? this[string name]
    {
        get
        {
            var values = Lines.Skip(1).Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim()).ToArray();
            return values.Length == 0 ? null : string.Join(", ", values);
        }
    }
}
