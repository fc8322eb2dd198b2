using System.Text;

namespace Gatehouse.Testing;

/// <summary>One HTTP/1 response as it stood on the wire, its body without the chunked framing.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Reason">The reason phrase, which may be empty.</param>
/// <param name="Version">"HTTP/1.1" or "HTTP/1.0".</param>
/// <param name="Fields">The fields in order, names as received.</param>
/// <param name="Body">The content.</param>
/// <param name="Trailers">The fields behind a chunked body.</param>
public sealed record RawResponse(
    int Status,
    string Reason,
    string Version,
    IReadOnlyList<KeyValuePair<string, string>> Fields,
    byte[] Body,
    IReadOnlyList<KeyValuePair<string, string>> Trailers)
{
    /// <summary>The values of all fields of this name (case does not count), joined by ", "; null when there is none.</summary>
    public string? this[string name]
    {
        get
        {
            var values = Fields.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).ToArray();
            return values.Length == 0 ? null : string.Join(", ", values);
        }
    }

    /// <summary>The body as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Body);
}
