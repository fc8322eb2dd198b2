using System.Text;
using Gatehouse.Edge.Routing;
using Gatehouse.Http;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Support;

/// <summary>What tests read of exchanges, as strings.</summary>
internal static class Reading
{
    /// <summary>Where a feature is built that needs nothing of the server.</summary>
    public static FeatureContext Context(string pattern = "/*", string folder = "/", IServiceProvider? services = null) =>
        new(PathPattern.Parse(pattern), folder, services ?? new NoServices());

    public static string Path(this Request request) => Encoding.UTF8.GetString(request.Path);

    public static string RawPath(this Request request) => Encoding.Latin1.GetString(request.RawPath);

    public static string Query(this Request request) => Encoding.Latin1.GetString(request.Query);

    /// <summary>The values of the request's fields of that name, joined by " | "; null for none.</summary>
    public static string? Field(this Request request, string name)
    {
        var values = new List<string>();
        for (var i = 0; i < request.Headers.Count; i++)
        {
            if (Encoding.Latin1.GetString(request.Headers[i].Name).Equals(name, StringComparison.OrdinalIgnoreCase))
                values.Add(Encoding.UTF8.GetString(request.Headers[i].Value));
        }
        return values.Count == 0 ? null : string.Join(" | ", values);
    }

    /// <summary>The values of the answer's fields of that name, joined by " | "; null for none.</summary>
    public static string? Field(this Response response, string name)
    {
        var values = new List<string>();
        for (var i = 0; i < response.Headers.Count; i++)
        {
            if (Encoding.Latin1.GetString(response.Headers[i].Name).Equals(name, StringComparison.OrdinalIgnoreCase))
                values.Add(Encoding.UTF8.GetString(response.Headers[i].Value));
        }
        return values.Count == 0 ? null : string.Join(" | ", values);
    }

    /// <summary>What <see cref="Field(Request, string)"/> gives for each name.</summary>
    public static string?[] Fields(this Request request, params string[] names) => [.. names.Select(request.Field)];

    /// <summary>What <see cref="Field(Response, string)"/> gives for each name.</summary>
    public static string?[] Fields(this Response response, params string[] names) => [.. names.Select(response.Field)];

    public static string Text(this FakeExchange exchange) => Encoding.UTF8.GetString(exchange.Sent);

    /// <summary>An exchange as a driver gives it to handlers: with its path normalised.</summary>
    public static FakeExchange Exchange(string target = "/", params (string Name, string Value)[] headers)
    {
        var exchange = new FakeExchange("GET", target, headers);
        Assert.True(exchange.Request.TryNormalizePath());
        return exchange;
    }

    public static Endpoint Client(string address, ushort port = 40000)
    {
        Assert.True(IpAddress.TryParse(Encoding.ASCII.GetBytes(address), out var parsed));
        return new Endpoint(parsed, port);
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
