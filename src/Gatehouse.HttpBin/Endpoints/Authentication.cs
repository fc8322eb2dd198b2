using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gatehouse.HttpBin.Digest;
using Gatehouse.HttpBin.Requests;

namespace Gatehouse.HttpBin.Endpoints;

/// <summary>Answers that ask for credentials: those in the path are the right ones.</summary>
internal static class Authentication
{
    private const string Realm = "me@kennethreitz.com";

    public static ValueTask Basic(BinCall call) => AskBasic(call, 401);

    public static ValueTask HiddenBasic(BinCall call) => AskBasic(call, 404);

    public static ValueTask Bearer(BinCall call)
    {
        if (call.Header("Authorization") is { } field && field.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            return call.SendJsonAsync(RequestJson.Document(writer =>
            {
                writer.WriteBoolean("authenticated", true);
                writer.WriteString("token", field["Bearer ".Length..]);
            }));
        }
        call.Exchange.Response.Status = 401;
        call.SetField("WWW-Authenticate", "Bearer");
        return call.EndAsync();
    }

    /// <summary>
    /// Digest as the original plays it: cookies carry the state. stale_after counts the uses of a nonce down, last_nonce is the one that may not be used again,
    /// fake is what ?require-cookie=1 insists on.
    /// </summary>
    public static async ValueTask DigestChallenge(BinCall call)
    {
        var algorithm = call.Values.GetValueOrDefault("algorithm") is "SHA-256" or "SHA-512" ? call.Values["algorithm"] : "MD5";
        var qop = call.Values["qop"] is "auth" or "auth-int" ? call.Values["qop"] : null;
        var staleAfter = call.Values.GetValueOrDefault("stale") ?? "never";
        var needsCookie = call.Arguments.FirstOrDefault(pair => pair.Key == "require-cookie").Value?.ToLowerInvariant() is "1" or "t" or "true";
        var field = call.Header("Authorization");
        if (!DigestCredentials.TryParse(field, out var credentials) || (needsCookie && call.Header("Cookie") is null))
        {
            await ChallengeAsync(call, qop, algorithm, isStale: false, staleAfter, lastNonce: null);
            return;
        }
        if (needsCookie && Cookies.Find(call, "fake") != "fake_value")
        {
            Cookies.Add(call, "fake", "fake_value");
            call.Exchange.Response.Status = 403;
            await call.SendJsonAsync(RequestJson.Document(WriteMissingCookie));
            return;
        }
        var left = Cookies.Find(call, "stale_after");
        if (left == "0" || (Cookies.Find(call, "last_nonce") is { } last && last == credentials.Nonce))
        {
            await ChallengeAsync(call, qop, algorithm, isStale: true, staleAfter, credentials.Nonce);
            return;
        }
        var body = await RequestBody.ReadBytesAsync(call.Exchange);
        var target = Encoding.Latin1.GetString(call.Exchange.Request.Target);
        if (!credentials.Fits(call.Values["user"], call.Values["password"], call.Method, target, body))
        {
            await ChallengeAsync(call, qop, algorithm, isStale: false, staleAfter, credentials.Nonce);
            return;
        }
        Cookies.Add(call, "fake", "fake_value");
        if (!string.IsNullOrEmpty(left))
            Cookies.Add(call, "stale_after", int.TryParse(left, out var count) ? $"{count - 1}" : "never");
        await SendUserAsync(call);
    }

    private static ValueTask AskBasic(BinCall call, int refusal)
    {
        var expected = $"{call.Values["user"]}:{call.Values["password"]}";
        return call.Header("Authorization") is { } field && field.StartsWith("basic ", StringComparison.OrdinalIgnoreCase) && Decoded(field[6..].Trim()) == expected
            ? SendUserAsync(call)
            : Statuses.EndAsync(call, refusal);
    }

    private static string? Decoded(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private static ValueTask SendUserAsync(BinCall call) => call.SendJsonAsync(RequestJson.Document(writer =>
    {
        writer.WriteBoolean("authenticated", true);
        writer.WriteString("user", call.Values["user"]);
    }));

    private static ValueTask ChallengeAsync(BinCall call, string? qop, string algorithm, bool isStale, string staleAfter, string? lastNonce)
    {
        var nonce = DigestCredentials.Hash(algorithm, RandomNumberGenerator.GetBytes(16));
        var opaque = DigestCredentials.Hash(algorithm, RandomNumberGenerator.GetBytes(16));
        call.Exchange.Response.Status = 401;
        call.SetField(
            "WWW-Authenticate",
            $"Digest realm=\"{Realm}\", nonce=\"{nonce}\", qop=\"{qop ?? "auth, auth-int"}\", opaque=\"{opaque}\", algorithm={algorithm}, stale={(isStale ? "TRUE" : "FALSE")}");
        Cookies.Add(call, "stale_after", staleAfter);
        if (lastNonce is not null)
            Cookies.Add(call, "last_nonce", lastNonce);
        Cookies.Add(call, "fake", "fake_value");
        return call.EndAsync();
    }

    private static void WriteMissingCookie(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("errors");
        writer.WriteStringValue("missing cookie set on challenge");
        writer.WriteEndArray();
    }
}
