using System.Text.Json;
using Gatehouse.Pki.Names;

namespace Gatehouse.Pki.Acme.Client;

/// <summary>An order for a certificate (RFC 8555 section 7.1.3).</summary>
internal sealed record AcmeOrder(string Url, string Status, IReadOnlyList<string> Authorizations, string Finalize, string? Certificate, AcmeProblem? Error)
{
    public static AcmeOrder Parse(string url, JsonElement json) => new(
        url,
        json.GetProperty("status").GetString()!,
        [.. json.GetProperty("authorizations").EnumerateArray().Select(item => item.GetString()!)],
        json.GetProperty("finalize").GetString()!,
        json.TryGetProperty("certificate", out var certificate) ? certificate.GetString() : null,
        json.TryGetProperty("error", out var error) ? AcmeProblem.Of(error) : null);
}

/// <summary>The proof of control over one name (RFC 8555 section 7.1.4).</summary>
internal sealed record AcmeAuthorization(string Url, string Status, CertificateName Name, bool IsWildcard, IReadOnlyList<AcmeChallenge> Challenges)
{
    public static AcmeAuthorization Parse(string url, JsonElement json) => new(
        url,
        json.GetProperty("status").GetString()!,
        CertificateName.Parse(json.GetProperty("identifier").GetProperty("value").GetString()!),
        json.TryGetProperty("wildcard", out var wildcard) && wildcard.ValueKind == JsonValueKind.True,
        [.. json.GetProperty("challenges").EnumerateArray().Select(AcmeChallenge.Parse)]);
}

/// <summary>One way to prove it (RFC 8555 section 8).</summary>
internal sealed record AcmeChallenge(string Type, string Url, string Token, string Status, AcmeProblem? Error)
{
    public static AcmeChallenge Parse(JsonElement json) => new(
        json.GetProperty("type").GetString()!,
        json.GetProperty("url").GetString()!,
        json.TryGetProperty("token", out var token) ? token.GetString()! : "",
        json.GetProperty("status").GetString()!,
        json.TryGetProperty("error", out var error) ? AcmeProblem.Of(error) : null);
}

/// <summary>When a server would like a certificate to be renewed (RFC 9773 section 4.2).</summary>
/// <param name="Start">The first moment.</param>
/// <param name="End">The last moment.</param>
/// <param name="Explanation">A page that says why; null when there is nothing to say.</param>
/// <param name="AskAgainAt">When to ask again.</param>
public sealed record RenewalWindow(DateTimeOffset Start, DateTimeOffset End, string? Explanation, DateTimeOffset AskAgainAt);
