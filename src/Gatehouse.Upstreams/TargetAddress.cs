using System.Diagnostics.CodeAnalysis;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Upstreams;

/// <summary>Where a target listens, and whether it speaks TLS there: <c>127.0.0.1:9001</c>, <c>unix:/run/app</c>, <c>https://10.0.0.1:8443</c>.</summary>
/// <param name="Endpoint">The address and port, or the Unix socket.</param>
/// <param name="IsTls">True for <c>https://</c>.</param>
public readonly record struct TargetAddress(Endpoint Endpoint, bool IsTls = false) : ISettingValue<TargetAddress>, IRelativeValue
{
    private const string Http = "http://";
    private const string Https = "https://";

    /// <inheritdoc/>
    public static string Expected => "ADDRESS:PORT or unix:PATH, with https:// in front for TLS";

    /// <summary>An address without TLS.</summary>
    public static implicit operator TargetAddress(Endpoint endpoint) => new(endpoint);

    /// <summary>The same as the conversion.</summary>
    public static TargetAddress FromEndpoint(Endpoint endpoint) => new(endpoint);

    /// <summary>Reads an endpoint, perhaps behind a scheme; then the port may be left out.</summary>
    public static bool TryParse(string text, out TargetAddress value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = default;
        var isTls = text.StartsWith(Https, StringComparison.Ordinal);
        var rest = isTls ? text[Https.Length..] : text.StartsWith(Http, StringComparison.Ordinal) ? text[Http.Length..] : text;
        if (rest.Length < text.Length && IpAddress.TryParse(rest.Trim('[', ']'), out var address))
        {
            value = new TargetAddress(new Endpoint(address, (ushort)(isTls ? 443 : 80)), isTls);
            fault = null;
            return true;
        }
        if (!Endpoint.TryParse(rest, out var endpoint, out fault))
            return false;
        value = new TargetAddress(endpoint, isTls);
        return true;
    }

    /// <inheritdoc/>
    public object ResolvedFrom(string folder) =>
        Endpoint.IsUnix && !Endpoint.IsAbstract ? this with { Endpoint = new Endpoint(Path.GetFullPath(Endpoint.UnixPath!, folder)) } : this;

    /// <summary>The text that reads as the same value.</summary>
    public override string ToString() => IsTls ? $"{Https}{Endpoint}" : Endpoint.ToString();
}
