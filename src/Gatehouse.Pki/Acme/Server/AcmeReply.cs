using System.Text;
using System.Text.Json;
using Gatehouse.Http;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Pki.Acme.Server;

/// <summary>An answer of the ACME server.</summary>
internal sealed record AcmeReply(int Status, string ContentType, byte[] Body)
{
    public string? Location { get; init; }

    public string? Link { get; init; }

    public int? RetryAfter { get; init; }

    /// <summary>A JSON object.</summary>
    public static AcmeReply Json(int status, Action<Utf8JsonWriter> content) => new(status, "application/json", Object(content));

    /// <summary>A problem document (RFC 9457).</summary>
    public static AcmeReply Problem(AcmeRefusal refusal) => new(refusal.Status, "application/problem+json", Object(json => WriteProblem(json, refusal)));

    public static void WriteProblem(Utf8JsonWriter json, AcmeRefusal refusal)
    {
        json.WriteString("type", AcmeProblem.Prefix + refusal.Type);
        json.WriteString("detail", refusal.Message);
        json.WriteNumber("status", refusal.Status);
    }

    public ValueTask SendAsync(Exchange exchange, string nonce, string directory)
    {
        var response = exchange.Response;
        response.Status = Status;
        Add("Replay-Nonce", nonce);
        response.Headers.Add(KnownHeader.CacheControl, "no-store"u8);
        Add("Link", $"<{directory}>;rel=\"index\"");
        if (Link is not null)
            Add("Link", Link);
        if (Location is not null)
            Add("Location", Location);
        if (RetryAfter is { } seconds)
            Add("Retry-After", $"{seconds}");
        if (Body.Length == 0)
            return exchange.CompleteAsync();
        response.Headers.Add(KnownHeader.ContentType, Encoding.ASCII.GetBytes(ContentType));
        return exchange.SendAsync(Body);

        void Add(string name, string value) => response.Headers.Add(Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value));
    }

    private static byte[] Object(Action<Utf8JsonWriter> content)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        return stream.ToArray();
    }
}
