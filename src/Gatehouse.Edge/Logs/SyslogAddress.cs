using System.Diagnostics.CodeAnalysis;
using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Logs;

/// <summary>Where a syslog collector listens: <c>udp://HOST[:PORT]</c> or <c>tcp://HOST[:PORT]</c>.</summary>
/// <param name="IsTcp">TCP with octet counting (RFC 6587), or else UDP (RFC 5426).</param>
/// <param name="Host">Name or address; an IPv6 address without brackets.</param>
/// <param name="Port">The port; 514 for UDP and 601 for TCP unless said otherwise.</param>
public sealed record SyslogAddress(bool IsTcp, string Host, int Port) : ISettingValue<SyslogAddress>
{
    /// <inheritdoc/>
    public static string Expected => "udp://HOST:PORT or tcp://HOST:PORT";

    /// <inheritdoc/>
    public static string Pattern => "^(udp|tcp)://[^/]+$";

    /// <summary>Reads an address.</summary>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out SyslogAddress value, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = null;
        fault = $"found '{text}', expected {Expected}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("udp" or "tcp") || uri.Host.Length == 0
            || uri.PathAndQuery is not ("" or "/") || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            return false;
        }
        var isTcp = uri.Scheme == "tcp";
        value = new SyslogAddress(isTcp, uri.Host.Trim('[', ']'), uri.Port > 0 ? uri.Port : isTcp ? 601 : 514);
        fault = null;
        return true;
    }

    /// <summary>The address as it is written.</summary>
    public override string ToString() => $"{(IsTcp ? "tcp" : "udp")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}
