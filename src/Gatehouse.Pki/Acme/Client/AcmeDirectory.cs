using System.Text.Json;

namespace Gatehouse.Pki.Acme.Client;

/// <summary>Where an ACME server does what (RFC 8555 section 7.1.1).</summary>
internal sealed record AcmeDirectory
{
    public required string NewNonce { get; init; }

    public required string NewAccount { get; init; }

    public required string NewOrder { get; init; }

    public required string? RevokeCert { get; init; }

    /// <summary>RFC 9773; null when the server has no renewal information.</summary>
    public required string? RenewalInfo { get; init; }

    public required bool WantsExternalAccount { get; init; }

    /// <summary>Profiles and what they are for; empty when the server has none.</summary>
    public required IReadOnlyDictionary<string, string> Profiles { get; init; }

    public static AcmeDirectory Parse(string url, byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            var meta = root.TryGetProperty("meta", out var found) ? found : default;
            var profiles = new Dictionary<string, string>();
            if (meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty("profiles", out var listed) && listed.ValueKind == JsonValueKind.Object)
            {
                foreach (var profile in listed.EnumerateObject())
                    profiles[profile.Name] = profile.Value.ToString();
            }
            return new AcmeDirectory
            {
                NewNonce = Required(root, "newNonce"),
                NewAccount = Required(root, "newAccount"),
                NewOrder = Required(root, "newOrder"),
                RevokeCert = Optional(root, "revokeCert"),
                RenewalInfo = Optional(root, "renewalInfo"),
                WantsExternalAccount = meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty("externalAccountRequired", out var wants)
                    && wants.ValueKind == JsonValueKind.True,
                Profiles = profiles,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new AcmeException($"{url} is no ACME directory: {exception.Message}", exception);
        }
    }

    private static string Required(JsonElement json, string name) => Optional(json, name) ?? throw new FormatException($"'{name}' is missing");

    private static string? Optional(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
