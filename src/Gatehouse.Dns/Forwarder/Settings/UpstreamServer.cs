using System.Diagnostics.CodeAnalysis;
using Gatehouse.Dns.Servers;
using Gatehouse.Http.Settings;

namespace Gatehouse.Dns.Forwarder.Settings;

/// <summary>A server that is asked, as a configuration writes it.</summary>
/// <param name="Address">Which, and how it is spoken to.</param>
public sealed record UpstreamServer(ServerAddress Address) : ISettingValue<UpstreamServer>
{
    /// <inheritdoc/>
    public static string Expected => "a name server: ADDRESS[:PORT], tcp://, tls://, https:// or sdns://";

    /// <summary>Reads a server's address.</summary>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out UpstreamServer value, [NotNullWhen(false)] out string? fault)
    {
        value = ServerAddress.TryParse(text, out var address, out fault) ? new UpstreamServer(address) : null;
        return value is not null;
    }

    /// <inheritdoc/>
    public bool Equals(UpstreamServer? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The text that reads as the same value.</summary>
    public override string ToString() => Address.Text;
}
