using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols;

namespace Gatehouse.Web;

/// <summary>A route ready to run: immutable, shared by all reactors.</summary>
internal sealed class RouteEndpoint
{
    private readonly ulong _methods;
    private readonly byte[][] _otherMethods;
    private readonly byte[][] _hosts;

    public RouteEndpoint(Route route, RoutePattern pattern, IHandler handler)
    {
        Route = route;
        Pattern = pattern;
        Handler = handler;
        var others = new List<byte[]>();
        foreach (var name in route.Methods)
        {
            var bytes = Encoding.ASCII.GetBytes(name);
            var method = Methods.Find(bytes);
            if (method == Method.Other)
                others.Add(bytes);
            else
                _methods |= 1UL << (int)method;
        }
        if (route.Methods.Count == 0)
            _methods = ulong.MaxValue;
        _otherMethods = [.. others];
        _hosts = [.. route.Hosts.Select(host => Encoding.ASCII.GetBytes(host.ToLowerInvariant()))];
    }

    public Route Route { get; }

    public RoutePattern Pattern { get; }

    /// <summary>The handler with all that wraps it.</summary>
    public IHandler Handler { get; }

    public bool IsInline => Route.IsInline;

    public bool Answers(Method method, ReadOnlySpan<byte> name)
    {
        if ((_methods & (1UL << (int)method)) != 0)
            return true;
        foreach (var other in _otherMethods)
        {
            if (name.SequenceEqual(other))
                return true;
        }
        return false;
    }

    public bool IsForHost(ReadOnlySpan<byte> host)
    {
        if (_hosts.Length == 0)
            return true;
        foreach (var own in _hosts)
        {
            if (own is [(byte)'*', ..] ? host.Length > own.Length - 1 && Ascii.EqualsIgnoreCase(host[^(own.Length - 1)..], own.AsSpan(1)) : Ascii.EqualsIgnoreCase(host, own))
                return true;
        }
        return false;
    }

    /// <summary>True when a request could be answered by both, and neither is the more special.</summary>
    public bool Overlaps(RouteEndpoint other)
    {
        var ownAll = Route.Methods.Count == 0;
        var otherAll = other.Route.Methods.Count == 0;
        if (ownAll != otherAll || (!ownAll && !Route.Methods.Intersect(other.Route.Methods).Any()))
            return false;
        return Route.Hosts.Count == 0 ? other.Route.Hosts.Count == 0 : Route.Hosts.Intersect(other.Route.Hosts, StringComparer.OrdinalIgnoreCase).Any();
    }
}
