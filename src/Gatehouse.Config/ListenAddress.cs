using System.Diagnostics.CodeAnalysis;
using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Config;

/// <summary>Where to listen, and what clients speak there first: <c>127.0.0.1:8443 tls</c>, <c>:80 proxy-protocol</c>, <c>unix:/run/web.sock</c>.</summary>
/// <param name="Endpoint">The address and port, or the Unix socket.</param>
/// <param name="IsTls">True when connections begin with a TLS handshake.</param>
/// <param name="IsProxyProtocol">True when connections from trusted proxies begin with a PROXY header.</param>
public sealed record ListenAddress(Endpoint Endpoint, bool IsTls = false, bool IsProxyProtocol = false) : ISettingValue<ListenAddress>, IRelativeValue
{
    /// <inheritdoc/>
    public static string Expected => "ADDRESS:PORT, :PORT or unix:PATH, and behind it tls or proxy-protocol if wanted";

    /// <summary>Reads an endpoint and the words behind it.</summary>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out ListenAddress value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            fault = $"found '{text}', expected {Expected}";
            return false;
        }
        if (!Endpoint.TryParse(words[0], out var endpoint, out fault))
            return false;
        var parsed = new ListenAddress(endpoint);
        foreach (var word in words.AsSpan(1))
        {
            switch (word)
            {
                case "tls" when !parsed.IsTls:
                    parsed = parsed with { IsTls = true };
                    break;
                case "proxy-protocol" when !parsed.IsProxyProtocol:
                    parsed = parsed with { IsProxyProtocol = true };
                    break;
                default:
                    fault = $"found '{word}' behind the address, expected tls or proxy-protocol, each once";
                    return false;
            }
        }
        value = parsed;
        return true;
    }

    /// <inheritdoc/>
    public object ResolvedFrom(string folder) =>
        Endpoint.IsUnix && !Endpoint.IsAbstract ? this with { Endpoint = new Endpoint(Path.GetFullPath(Endpoint.UnixPath!, folder)) } : this;

    /// <summary>The text that reads as the same value.</summary>
    public override string ToString() => $"{Endpoint}{(IsTls ? " tls" : "")}{(IsProxyProtocol ? " proxy-protocol" : "")}";
}
