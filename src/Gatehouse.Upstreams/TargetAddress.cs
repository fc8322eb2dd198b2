using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Upstreams;

/// <summary>
/// Where a target listens, and whether it speaks TLS there: <c>127.0.0.1:9001</c>, <c>unix:/run/app</c>, <c>https://10.0.0.1:8443</c>; or the name that is asked
/// where: <c>app.internal:9001</c>, <c>srv://_http._tcp.app.internal</c>.
/// </summary>
/// <param name="Endpoint">The address and port, or the Unix socket; the default endpoint for a name.</param>
/// <param name="IsTls">True for <c>https://</c>.</param>
public readonly record struct TargetAddress(Endpoint Endpoint, bool IsTls = false) : ISettingValue<TargetAddress>, IRelativeValue
{
    private const string Service = "srv://";
    private const string Http = "http://";
    private const string Https = "https://";

    /// <inheritdoc/>
    public static string Expected => "ADDRESS:PORT, HOST:PORT or unix:PATH, with https:// in front for TLS, or srv://NAME";

    /// <summary>The name that stands for addresses; empty where it has an endpoint.</summary>
    public string Name { get => field ?? ""; init; }

    /// <summary>The port of a host's name.</summary>
    public ushort Port { get; init; }

    /// <summary>True for the name of a service, whose SRV records have hosts and ports.</summary>
    public bool IsService { get; init; }

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
        if (text.StartsWith(Service, StringComparison.Ordinal))
        {
            value = new TargetAddress(default) { Name = text[Service.Length..], IsService = true };
            fault = IsName(value.Name) ? null : $"found '{text}', expected the name of a service behind {Service}, like _http._tcp.example.com";
            return fault is null;
        }
        if (TryParseHost(rest, rest.Length == text.Length ? (ushort)0 : (ushort)(isTls ? 443 : 80), out var host, out var port))
        {
            value = new TargetAddress(default, isTls) { Name = host, Port = port };
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
    public override string ToString() =>
        IsService ? $"{Service}{Name}" : $"{(IsTls ? Https : "")}{(Name.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Name}:{Port}") : Endpoint.ToString())}";

    private static bool TryParseHost(string text, ushort defaultPort, out string host, out ushort port)
    {
        var colon = text.LastIndexOf(':');
        host = colon < 0 ? text : text[..colon];
        port = defaultPort;
        return IsName(host) && (colon < 0 ? defaultPort != 0 : ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0);
    }

    // Letters, digits, hyphens and underscores in labels; and not what was meant to be an address.
    private static bool IsName(string text)
    {
        if (text.Length is 0 or > 253 || !text.Any(char.IsAsciiLetter) || text == "unix")
            return false;
        foreach (var label in text.TrimEnd('.').Split('.'))
        {
            if (label.Length is 0 or > 63 || label.Any(static letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_')))
                return false;
        }
        return true;
    }
}
