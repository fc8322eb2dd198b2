using Gatehouse.Http;
using Gatehouse.Protocols;

namespace Gatehouse.Web;

/// <summary>One look into the trie: what is looked for, and what was seen on the way.</summary>
internal ref struct RouteSearch(Request request, Span<(int Start, int Length)> values)
{
    public readonly Request Request = request;
    public readonly ReadOnlySpan<byte> Path = request.Path;
    public readonly Method Method = request.Method;

    /// <summary>Where in the path the parameters lie.</summary>
    public readonly Span<(int Start, int Length)> Values = values;

    /// <summary>How many parameters the route that was found has a value for; optional ones may have none.</summary>
    public int Count;

    /// <summary>Routes of the path that lack the method: those that say what is allowed.</summary>
    public List<RouteLeaf>? Passed;
}
