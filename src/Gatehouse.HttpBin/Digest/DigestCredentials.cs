using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Gatehouse.HttpBin.Digest;

/// <summary>The credentials of Digest (RFC 7616 section 3.4).</summary>
internal sealed partial class DigestCredentials
{
    private static readonly string[] Needed = ["username", "realm", "nonce", "uri", "response"];

    private readonly Dictionary<string, string> _parameters;

    private DigestCredentials(Dictionary<string, string> parameters) => _parameters = parameters;

    public string Nonce => _parameters["nonce"];

    /// <summary>Reads an Authorization field; false when it is not Digest, or has not what a proof needs.</summary>
    public static bool TryParse(string? field, [NotNullWhen(true)] out DigestCredentials? credentials)
    {
        credentials = null;
        if (field is null || !field.StartsWith("Digest ", StringComparison.OrdinalIgnoreCase))
            return false;
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Parameter().Matches(field["Digest ".Length..]))
            parameters[match.Groups[1].Value] = match.Groups[2].Success ? Escape().Replace(match.Groups[2].Value, "$1") : match.Groups[3].Value;
        if (!Needed.All(parameters.ContainsKey))
            return false;
        if (parameters.ContainsKey("qop") && !(parameters.ContainsKey("nc") && parameters.ContainsKey("cnonce")))
            return false;
        credentials = new DigestCredentials(parameters);
        return true;
    }

    /// <summary>True when the proof is that of this user and password for this request.</summary>
    public bool Fits(string user, string password, string method, string target, byte[] body)
    {
        var algorithm = _parameters.GetValueOrDefault("algorithm", "MD5");
        var qop = _parameters.GetValueOrDefault("qop");
        if (_parameters["username"] != user || _parameters["uri"] != target || qop is not (null or "auth" or "auth-int"))
            return false;
        var first = Hash(algorithm, $"{user}:{_parameters["realm"]}:{password}");
        var second = Hash(algorithm, $"{method}:{target}{(qop == "auth-int" ? ":" + Hash(algorithm, body) : "")}");
        var proof = qop is null
            ? Hash(algorithm, $"{first}:{Nonce}:{second}")
            : Hash(algorithm, $"{first}:{Nonce}:{_parameters["nc"]}:{_parameters["cnonce"]}:{qop}:{second}");
        return string.Equals(proof, _parameters["response"], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The hash in hexadecimal.</summary>
    public static string Hash(string algorithm, byte[] data) => Convert.ToHexStringLower(algorithm switch
    {
        "SHA-256" => SHA256.HashData(data),
        "SHA-512" => SHA512.HashData(data),
#pragma warning disable CA5351 // what the scheme is defined with; nothing is kept secret by it
        _ => MD5.HashData(data),
#pragma warning restore CA5351
    });

    private static string Hash(string algorithm, string text) => Hash(algorithm, Encoding.UTF8.GetBytes(text));

    [GeneratedRegex("""([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))""")]
    private static partial Regex Parameter();

    [GeneratedRegex("""\\(.)""")]
    private static partial Regex Escape();
}
