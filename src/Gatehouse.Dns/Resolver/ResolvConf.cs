using System.Globalization;
using Gatehouse.Dns.Servers;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Dns.Resolver;

/// <summary>What /etc/resolv.conf says (resolv.conf(5)). Immutable.</summary>
public sealed record ResolvConf
{
    // The limits of resolv.conf(5).
    private const int MaxServers = 3;
    private const int MaxSearch = 6;

    /// <summary>The servers, in their order; that of this machine when it names none.</summary>
    public IReadOnlyList<ServerAddress> Servers { get; private init; } = [];

    /// <summary>Domains in which names are looked for.</summary>
    public IReadOnlyList<DnsName> Search { get; private init; } = [];

    /// <summary>Dots from which on a name is looked for as it is first.</summary>
    public int Dots { get; private init; } = 1;

    /// <summary>For the answer of one server.</summary>
    public TimeSpan Timeout { get; private init; } = TimeSpan.FromSeconds(5);

    /// <summary>Rounds through the servers.</summary>
    public int Attempts { get; private init; } = 2;

    /// <summary>Whether the servers take turns in being asked first.</summary>
    public bool Rotate { get; private init; }

    /// <summary>Whether TCP is spoken from the start (use-vc).</summary>
    public bool UsesTcp { get; private init; }

    /// <summary>Reads the file; what it does not know it passes over, as the system does.</summary>
    public static ResolvConf Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var conf = new ResolvConf();
        var servers = new List<IpAddress>();
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith('#') || line.StartsWith(';'))
                continue;
            var words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case ["nameserver", var address, ..] when servers.Count < MaxServers && IpAddress.TryParse(address.Split('%')[0].AsSpan(), out var parsed):
                    servers.Add(parsed);
                    break;
                case ["search" or "domain", .. var domains]:
                    // The last line of the two counts.
                    conf = conf with { Search = [.. domains.Take(MaxSearch).Select(Domain).OfType<DnsName>().Where(static name => !name.IsRoot)] };
                    break;
                case ["options", .. var options]:
                    foreach (var option in options)
                        conf = conf.With(option);
                    break;
            }
        }
        if (servers.Count == 0)
            servers.Add(IpAddress.FromV4(0x7F000001));
        return conf with
        {
            Servers = [.. servers.Select(address => ServerAddress.Of(new Endpoint(address, 53), conf.UsesTcp ? ServerProtocol.Tcp : ServerProtocol.Udp))],
        };
    }

    private static DnsName? Domain(string text) => DnsName.TryParse(text, out var name, out _) ? name : null;

    private ResolvConf With(string option)
    {
        var colon = option.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? option : option[..colon];
        var isNumber = int.TryParse(colon < 0 ? "" : option.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return name switch
        {
            "ndots" when isNumber => this with { Dots = Math.Min(number, 15) },
            "timeout" when isNumber => this with { Timeout = TimeSpan.FromSeconds(Math.Clamp(number, 1, 30)) },
            "attempts" when isNumber => this with { Attempts = Math.Clamp(number, 1, 5) },
            "rotate" => this with { Rotate = true },
            "use-vc" => this with { UsesTcp = true },
            _ => this,
        };
    }
}
