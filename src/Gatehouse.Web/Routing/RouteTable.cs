using System.Globalization;
using System.Text;
using Gatehouse.Http.Urls;

namespace Gatehouse.Web;

/// <summary>All routes of a started application: the trie, and the names.</summary>
internal sealed class RouteTable
{
    private readonly RouteNode _root = new();
    private readonly Dictionary<string, RouteEndpoint> _named = [];

    /// <summary>All routes, in the order mapped.</summary>
    public List<RouteEndpoint> Endpoints { get; } = [];

    /// <summary>Adds a route.</summary>
    /// <exception cref="RouteException">It is in conflict with another; both are named.</exception>
    public void Add(RouteEndpoint endpoint)
    {
        Endpoints.Add(endpoint);
        var segments = endpoint.Pattern.Segments;
        // Without its optional parameters a route ends earlier; both ways lead to it.
        for (var count = segments.Count; ; count--)
        {
            _root.Add([.. segments.Take(count)], 0).Add(endpoint);
            if (count == 0 || !segments[count - 1].IsOptional)
                break;
        }
        if (endpoint.Route.Name is { } name && !_named.TryAdd(name, endpoint))
            throw new RouteException($"two routes have the name '{name}': {_named[name].Route} and {endpoint.Route}");
    }

    public RouteEndpoint? Find(ref RouteSearch search) => _root.Find(ref search, 1, 0);

    /// <summary>The path and query of a named route.</summary>
    /// <exception cref="ArgumentException">There is no such route, a parameter has no value, or its value does not meet a constraint.</exception>
    public string Url(string name, IEnumerable<KeyValuePair<string, object?>> values)
    {
        if (!_named.TryGetValue(name, out var endpoint))
            throw new ArgumentException($"No route has the name '{name}'; those that have one: {string.Join(", ", _named.Keys.Order(StringComparer.Ordinal))}.", nameof(name));
        var left = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in values)
        {
            if (value is not null)
                left[key] = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
        var url = new StringBuilder();
        foreach (var segment in endpoint.Pattern.Segments)
        {
            if (segment.Literal is { } literal)
            {
                url.Append('/').Append(Uri.EscapeDataString(literal));
                continue;
            }
            if (!left.Remove(segment.Parameter, out var value) || value.Length == 0)
            {
                if (segment.IsOptional || segment.IsCatchAll)
                    break;
                throw new ArgumentException($"The route '{name}' ({endpoint.Route}) has no value for '{segment.Parameter}'.", nameof(values));
            }
            var bytes = Encoding.UTF8.GetBytes(value);
            if (segment.Constraints.FirstOrDefault(constraint => !constraint.IsMet(bytes)) is { } unmet)
                throw new ArgumentException($"The route '{name}' ({endpoint.Route}) asks of '{segment.Parameter}' to be {unmet.Text}; found '{value}'.", nameof(values));
            url.Append('/').Append(segment.IsCatchAll ? string.Join('/', value.Split('/').Select(Uri.EscapeDataString)) : Uri.EscapeDataString(value));
        }
        if (url.Length == 0)
            url.Append('/');
        if (left.Count > 0)
        {
            var query = new System.Buffers.ArrayBufferWriter<byte>();
            var writer = new FormUrlEncodedWriter(query);
            foreach (var (key, value) in left)
                writer.Write(key, value);
            url.Append('?').Append(Encoding.ASCII.GetString(query.WrittenSpan));
        }
        return url.ToString();
    }
}
