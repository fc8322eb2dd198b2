using System.Text;
using System.Text.Json;

namespace Gatehouse.Pki.Acme;

/// <summary>What an ACME server says is wrong (RFC 8555 section 6.7, RFC 9457).</summary>
/// <param name="Type">The last part of its URN: badNonce, rateLimited, unauthorized.</param>
/// <param name="Detail">The server's own words.</param>
/// <param name="Status">The status code.</param>
/// <param name="Parts">What is wrong with each name.</param>
internal sealed record AcmeProblem(string Type, string Detail, int Status, IReadOnlyList<string> Parts)
{
    public const string Prefix = "urn:ietf:params:acme:error:";

    // What a person can do, where the server's words leave that open.
    private static readonly Dictionary<string, string> Advice = new()
    {
        ["accountDoesNotExist"] = "the account is not known there any more",
        ["caa"] = "the CAA record of the domain forbids this authority: add it there",
        ["connection"] = "the authority could not reach this server: see that the name leads here and that ports 80 and 443 are open",
        ["dns"] = "the authority could not resolve the name: see that it has an A or AAAA record",
        ["externalAccountRequired"] = "this authority wants accounts bound to one of its customers: set eab",
        ["incorrectResponse"] = "another server answered the authority: see that the name leads here",
        ["rateLimited"] = "too many certificates were asked for",
        ["rejectedIdentifier"] = "the authority gives no certificate for this name",
        ["tls"] = "the authority's TLS connection failed: see that port 443 leads here",
        ["unauthorized"] = "another server answered the authority, or the challenge was not in place: see that the name leads here",
        ["userActionRequired"] = "the authority's terms have changed: visit the address in its words",
        ["invalidProfile"] = "the authority has no such profile",
    };

    /// <summary>Reads a problem; what is no problem document becomes one of the status alone.</summary>
    public static AcmeProblem Parse(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object ? Of(json.RootElement, status) : new AcmeProblem("", Shown(body), status, []);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or a text in it that is no UTF-8.
            return new AcmeProblem("", Shown(body), status, []);
        }
    }

    /// <summary>Reads a problem inside another object: the error of a challenge or an order.</summary>
    public static AcmeProblem Of(JsonElement json, int status = 0)
    {
        var type = Text(json, "type");
        var parts = new List<string>();
        if (json.TryGetProperty("subproblems", out var subproblems) && subproblems.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in subproblems.EnumerateArray())
            {
                var name = part.TryGetProperty("identifier", out var identifier) ? Text(identifier, "value") : "";
                parts.Add($"{name}: {Text(part, "detail")}");
            }
        }
        return new AcmeProblem(
            type.StartsWith(Prefix, StringComparison.Ordinal) ? type[Prefix.Length..] : type,
            Text(json, "detail"),
            json.TryGetProperty("status", out var own) && own.TryGetInt32(out var number) ? number : status,
            parts);
    }

    /// <summary>The server's words, what they are about, and what to do.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Detail.Length > 0 ? Detail : $"status {Status}");
        if (Type.Length > 0)
            text.Append(" (").Append(Type).Append(')');
        foreach (var part in Parts)
            text.Append("; ").Append(part);
        if (Advice.TryGetValue(Type, out var advice))
            text.Append(" → ").Append(advice);
        return text.ToString();
    }

    private static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Shown(ReadOnlyMemory<byte> body) => Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, 200)]).Trim();
}
