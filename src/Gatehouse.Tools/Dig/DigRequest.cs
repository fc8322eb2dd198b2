using System.Globalization;
using Gatehouse.Dns.Resolver;
using Gatehouse.Dns.Servers;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Edns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.Dns.Text;

namespace Gatehouse.Tools.Dig;

/// <summary>The words of a call, understood: the questions, the server, and the options that dig's words with a plus set.</summary>
internal sealed class DigRequest
{
    private const int WrongCall = 1;

    private DigRequest(DigOptions options) => Options = options;

    /// <summary>The options, with those of the words.</summary>
    internal DigOptions Options { get; private set; }

    /// <summary>What is asked, one after the other.</summary>
    internal IReadOnlyList<DnsQuestion> Questions { get; private set; } = [];

    /// <summary>The host as it was written.</summary>
    internal string Host { get; private set; } = ".";

    /// <summary>Who is asked; null for the servers of resolv.conf.</summary>
    internal ServerAddress? Server { get; private set; }

    /// <exception cref="ToolException">The words are none that can be understood.</exception>
    internal static DigRequest Of(DigOptions options)
    {
        var request = new DigRequest(options);
        string? name = null;
        string? server = null;
        var types = new List<DnsType>();
        foreach (var word in options.Words)
        {
            if (word.StartsWith('@'))
                server = word[1..];
            else if (word.StartsWith('+'))
                request.Options = Apply(word[1..], request.Options);
            else if (name is not null && DnsTypeNames.TryParseType(word, out var type))
                types.Add(type);
            else if (DnsTypeNames.TryParseClass(word, out var @class) && word.Length == 2 && name is not null)
                request.Options = request.Options with { Class = @class };
            else if (name is null)
                name = word;
            else
                throw new ToolException(WrongCall, $"expected a type, @SERVER or +OPTION behind the name {name}, found '{word}'");
        }
        // dig's own order of words lets a type stand in front, and takes a lone one for it.
        if (name is not null && types.Count == 0 && options.Words.Count(static word => word[0] is not ('@' or '+')) == 1 && IsTypeOnly(name, out var lone))
            (name, types) = (".", [lone]);
        request.Ask(name, types);
        request.Find(server);
        return request;
    }

    private static bool IsTypeOnly(string word, out DnsType type) => DnsTypeNames.TryParseType(word, out type) && word.ToUpperInvariant() == word && word.Length > 1;

    private static DigOptions Apply(string word, DigOptions options)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var (key, value) = equals < 0 ? (word, "") : (word[..equals], word[(equals + 1)..]);
        return key switch
        {
            "short" => options with { IsShort = true },
            "json" => options with { IsJson = true },
            "trace" => options with { IsTrace = true },
            "dnssec" or "do" => options with { Dnssec = true },
            "validate" => options with { Validates = true },
            "tcp" or "vc" => options with { Tcp = true },
            "rec" or "recurse" => options with { Recursion = true },
            "norec" or "norecurse" => options with { Recursion = false },
            "cd" or "cdflag" => options with { CheckingDisabled = true },
            "noedns" => options with { Edns = false },
            "edns" => options with { Edns = true },
            "time" or "timeout" when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3600 =>
                options with { Timeout = seconds },
            "subnet" when IpPrefix.TryParse(value, out var prefix) =>
                options with { Subnet = new DnsClientSubnet(prefix.Address, (byte)prefix.Length, 0) },
            _ => throw new ToolException(
                WrongCall, $"expected +short, +json, +trace, +dnssec, +validate, +tcp, +norecurse, +cd, +noedns, +timeout=SECONDS or +subnet=ADDRESS/BITS, found '+{word}'"),
        };
    }

    private void Ask(string? name, List<DnsType> types)
    {
        if (Options.Reverse is { } reverse)
        {
            if (!IpAddress.TryParse(reverse.AsSpan(), out var address))
                throw new ToolException(WrongCall, $"expected an IP address behind -x, found '{reverse}'");
            Host = reverse;
            Questions = [new DnsQuestion(ReverseName.Of(address), DnsType.PTR, Options.Class)];
            return;
        }
        Host = name ?? ".";
        if (!DnsName.TryParse(Host, out var parsed, out var fault))
            throw new ToolException(WrongCall, fault);
        if (types.Count == 0)
            types.Add(name is null ? DnsType.NS : DnsType.A);
        Questions = [.. types.Select(type => new DnsQuestion(parsed, type, Options.Class))];
    }

    private void Find(string? server)
    {
        if (server is null)
            return;
        if (Options.Tcp && !server.Contains("://", StringComparison.Ordinal))
            server = "tcp://" + server;
        if (!ServerAddress.TryParse(server, out var address, out var fault))
            throw new ToolException(WrongCall, fault);
        Server = Options.Port is { } port && !HasPort(server) ? address with { Port = port } : address;
    }

    // What is written with a port keeps it.
    private static bool HasPort(string server)
    {
        var rest = server.Contains("://", StringComparison.Ordinal) ? server[(server.IndexOf("://", StringComparison.Ordinal) + 3)..] : server;
        rest = rest.Split('/', '#')[0];
        return !IpAddress.TryParse(rest.AsSpan(), out _) && rest.LastIndexOf(':') > rest.LastIndexOf(']');
    }
}
