using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Respond;

/// <summary>A fixed answer.</summary>
public sealed record RespondConfig
{
    /// <summary>The status code.</summary>
    [Setting("Status code")]
    [Bounds(200, 599)]
    public int Status { get; init; } = 200;

    /// <summary>The body; empty for none.</summary>
    [Setting("Body")]
    [Shorthand]
    public string Body { get; init; } = "";

    /// <summary>Content-Type of the body.</summary>
    [Setting("Content-Type of the body")]
    public string Type { get; init; } = "text/plain; charset=utf-8";

    /// <summary>Further fields.</summary>
    [Setting("Further header fields")]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
