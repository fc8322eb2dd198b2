using System.Text.Json;

namespace Gatehouse.Pki.Acme.Server;

/// <summary>What the resources of the ACME server look like to a client (RFC 8555 section 7.1).</summary>
internal static class AcmeDescriptions
{
    /// <summary>An account (section 7.1.2).</summary>
    public static AcmeReply Of(ServerAccount account, string root, int status) => AcmeReply.Json(status, json =>
    {
        json.WriteString("status", account.IsActive ? "valid" : "deactivated");
        json.WriteStartArray("contact");
        foreach (var contact in account.Contact)
            json.WriteStringValue(contact);
        json.WriteEndArray();
        json.WriteString("orders", $"{root}/account/{account.Id}/orders");
    });

    /// <summary>An order (section 7.1.3) as it is at <paramref name="now"/>.</summary>
    public static AcmeReply Of(ServerOrder order, string root, int status, DateTimeOffset now) => AcmeReply.Json(status, json =>
    {
        json.WriteString("status", order.StatusAt(now));
        json.WriteString("expires", order.Expires.UtcDateTime);
        json.WriteString("profile", order.Profile);
        json.WriteStartArray("identifiers");
        foreach (var name in order.Names)
        {
            json.WriteStartObject();
            json.WriteString("type", name.IsAddress ? "ip" : "dns");
            json.WriteString("value", name.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("authorizations");
        foreach (var authorization in order.Authorizations)
            json.WriteStringValue($"{root}/authorization/{authorization.Id}");
        json.WriteEndArray();
        json.WriteString("finalize", $"{root}/order/{order.Id}/finalize");
        if (order.Certificate is not null)
            json.WriteString("certificate", $"{root}/certificate/{order.Id}");
        if (order.Authorizations.SelectMany(authorization => authorization.Challenges).FirstOrDefault(challenge => challenge.Error is not null)?.Error is { } error)
        {
            json.WriteStartObject("error");
            AcmeReply.WriteProblem(json, error);
            json.WriteEndObject();
        }
    });

    /// <summary>An authorization (section 7.1.4).</summary>
    public static AcmeReply Of(ServerAuthorization authorization, string root) => AcmeReply.Json(200, json =>
    {
        json.WriteStartObject("identifier");
        json.WriteString("type", authorization.Name.IsAddress ? "ip" : "dns");
        json.WriteString("value", authorization.Name.ToString());
        json.WriteEndObject();
        json.WriteString("status", authorization.Status);
        json.WriteString("expires", authorization.Order.Expires.UtcDateTime);
        json.WriteStartArray("challenges");
        foreach (var challenge in authorization.Challenges)
        {
            json.WriteStartObject();
            Write(json, challenge, root);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>A challenge (section 7.1.5).</summary>
    public static AcmeReply Of(ServerChallenge challenge, string root) => AcmeReply.Json(200, json => Write(json, challenge, root));

    private static void Write(Utf8JsonWriter json, ServerChallenge challenge, string root)
    {
        json.WriteString("type", challenge.Type);
        json.WriteString("url", $"{root}/challenge/{challenge.Id}");
        json.WriteString("token", challenge.Token);
        json.WriteString("status", challenge.Status);
        if (challenge.Validated is { } validated)
            json.WriteString("validated", validated.UtcDateTime);
        if (challenge.Error is not { } error)
            return;
        json.WriteStartObject("error");
        AcmeReply.WriteProblem(json, error);
        json.WriteEndObject();
    }
}
