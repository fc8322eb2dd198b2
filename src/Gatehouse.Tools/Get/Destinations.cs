using System.Globalization;
using Gatehouse.Http.Urls;
using Gatehouse.Net.Names;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Tools.Get;

/// <summary>Where connections go: --resolve, --connect-to, --unix-socket, and the proxy of -x or the environment.</summary>
internal sealed class Destinations
{
    private readonly Dictionary<string, Endpoint> _endpoints = new(StringComparer.OrdinalIgnoreCase);
    private readonly Endpoint? _unix;
    private readonly Url? _httpProxy;
    private readonly Url? _httpsProxy;
    private readonly string[] _noProxy;

    private Destinations(GetOptions options)
    {
        _unix = options.UnixSocket is { } path ? new Endpoint(path) : null;
        _noProxy = (options.NoProxy ?? Variable("no_proxy") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        // Not HTTP_PROXY in capitals, which a CGI program's client can set with a field Proxy.
        _httpProxy = Proxy(options.Proxy ?? Environment.GetEnvironmentVariable("http_proxy") ?? Variable("all_proxy"));
        _httpsProxy = Proxy(options.Proxy ?? Variable("https_proxy") ?? Variable("all_proxy"));
    }

    public bool HasProxy => _httpProxy is not null || _httpsProxy is not null;

    /// <summary>Reads the options and looks up the names of --connect-to.</summary>
    public static async Task<Destinations> ReadAsync(GetOptions options, CancellationToken cancellation)
    {
        var destinations = new Destinations(options);
        foreach (var rule in options.Resolve)
        {
            // HOST:PORT:ADDRESS, the address perhaps in brackets; more after commas are not needed.
            var parts = rule.TrimStart('+').Split(':', 3);
            if (parts.Length != 3 || !IpAddress.TryParse(parts[2].Split(',')[0].Trim('[', ']'), out var address) || !TryPort(parts[1], out var port))
                throw new ToolException($"--resolve: found '{rule}', expected HOST:PORT:ADDRESS");
            destinations._endpoints[$"{parts[0]}:{port}"] = new Endpoint(address, port);
        }
        foreach (var rule in options.ConnectTo)
        {
            var (from, to) = SplitConnectTo(rule);
            destinations._endpoints[from] = await LookUpAsync(to, from, cancellation);
        }
        return destinations;
    }

    public Endpoint? ConnectTo(Url url)
    {
        if (_unix is not null)
            return _unix;
        foreach (var key in (string[])[$"{url.Host}:{url.EffectivePort}", $"{url.Host}:", $":{url.EffectivePort}", ":"])
        {
            if (_endpoints.TryGetValue(key, out var endpoint))
                return endpoint.Port == 0 ? new Endpoint(endpoint.Address, (ushort)url.EffectivePort!.Value) : endpoint;
        }
        return _endpoints.TryGetValue($"*:{url.EffectivePort}", out var any) ? any : null;
    }

    public Url? ProxyFor(Url url)
    {
        var host = url.Host!;
        foreach (var entry in _noProxy)
        {
            var suffix = entry.TrimStart('.');
            if (entry == "*" || host.Equals(suffix, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + suffix, StringComparison.OrdinalIgnoreCase))
                return null;
        }
        return url.Scheme == "https" ? _httpsProxy : _httpProxy;
    }

    private static Url? Proxy(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var url = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        if (!Url.TryParse(url, null, out var proxy, out var error) || proxy.Scheme is not ("http" or "https"))
            throw new ToolException(CurlCode.ProxyNotResolved, $"'{text}' is not the URL of a proxy: {error ?? "expected http or https"}");
        // curl's default port of a proxy is 1080.
        return proxy.Port is null && !text.Contains("://", StringComparison.Ordinal) ? Url.Parse($"http://{proxy.Authority}:1080/") : proxy;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) ?? Environment.GetEnvironmentVariable(name.ToUpperInvariant());

    // HOST1:PORT1:HOST2:PORT2, each of which may be empty; IPv6 addresses in brackets.
    private static (string From, string To) SplitConnectTo(string rule)
    {
        var colons = new List<int>();
        var inBrackets = false;
        for (var i = 0; i < rule.Length; i++)
        {
            inBrackets = rule[i] == '[' || (inBrackets && rule[i] != ']');
            if (rule[i] == ':' && !inBrackets)
                colons.Add(i);
        }
        if (colons.Count != 3)
            throw new ToolException($"--connect-to: found '{rule}', expected HOST1:PORT1:HOST2:PORT2");
        return (rule[..colons[1]], rule[(colons[1] + 1)..]);
    }

    private static async Task<Endpoint> LookUpAsync(string to, string from, CancellationToken cancellation)
    {
        var colon = to.LastIndexOf(':');
        var host = to[..colon].Trim('[', ']');
        var port = (ushort)0;
        if (colon + 1 < to.Length && !TryPort(to[(colon + 1)..], out port))
            throw new ToolException($"--connect-to: found '{to[(colon + 1)..]}', expected a port");
        if (host.Length == 0)
            host = from[..from.LastIndexOf(':')].Trim('[', ']');
        if (IpAddress.TryParse(host, out var address))
            return new Endpoint(address, port);
        try
        {
            return new Endpoint((await SystemNameResolver.Instance.ResolveAsync(host, cancellation)).Addresses[0], port);
        }
        catch (IOException exception)
        {
            throw new ToolException(CurlCode.HostNotResolved, exception.Message, exception);
        }
    }

    private static bool TryPort(string text, out ushort port) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port > 0;
}
