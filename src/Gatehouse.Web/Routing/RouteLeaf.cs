using System.Text;
using Gatehouse.Protocols;

namespace Gatehouse.Web;

/// <summary>The routes that end at one place of the trie: told apart by method and host.</summary>
internal sealed class RouteLeaf
{
    private RouteEndpoint[] _endpoints = [];

    public IReadOnlyList<RouteEndpoint> Endpoints => _endpoints;

    /// <summary>Adds a route; those with hosts come first, and one for every method last.</summary>
    /// <exception cref="RouteException">Another route answers the same.</exception>
    public void Add(RouteEndpoint endpoint)
    {
        foreach (var other in _endpoints)
        {
            if (other.Overlaps(endpoint))
                throw new RouteException($"two routes answer the same requests: {other.Route} and {endpoint.Route}");
        }
        _endpoints = [.. _endpoints.Append(endpoint).OrderByDescending(each => each.Route.Hosts.Count > 0).ThenByDescending(each => each.Route.Methods.Count > 0)];
    }

    public RouteEndpoint? Find(ref RouteSearch search)
    {
        var method = search.Method;
        RouteEndpoint? get = null;
        var isOfHost = false;
        foreach (var endpoint in _endpoints)
        {
            if (!endpoint.IsForHost(search.Request.Host))
                continue;
            isOfHost = true;
            if (endpoint.Answers(method, search.Request.MethodName))
                return endpoint;
            // HEAD is GET without its body, unless a route is mapped for it.
            if (method == Method.Head && get is null && endpoint.Answers(Method.Get, "GET"u8))
                get = endpoint;
        }
        if (get is null && isOfHost)
            (search.Passed ??= []).Add(this);
        return get;
    }

    /// <summary>Adds the methods that it answers for a host.</summary>
    public void AddAllowed(ReadOnlySpan<byte> host, SortedSet<string> methods)
    {
        foreach (var endpoint in _endpoints)
        {
            if (!endpoint.IsForHost(host))
                continue;
            foreach (var method in endpoint.Route.Methods)
            {
                methods.Add(method);
                if (method == "GET")
                    methods.Add("HEAD");
            }
        }
        methods.Add("OPTIONS");
    }

    /// <summary>The value of Allow for the routes that were passed over.</summary>
    public static byte[] Allow(List<RouteLeaf> leaves, ReadOnlySpan<byte> host)
    {
        var methods = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var leaf in leaves)
            leaf.AddAllowed(host, methods);
        return Encoding.ASCII.GetBytes(string.Join(", ", methods));
    }
}
