namespace Gatehouse.Web;

/// <summary>A node of the trie: what can follow in a path, literals first, then parameters by how much they ask, then what takes the rest.</summary>
internal sealed class RouteNode
{
    private (byte[] Literal, RouteNode Node)[] _literals = [];
    private (RouteSegment Segment, RouteNode Node)[] _parameters = [];
    private RouteLeaf? _leaf;
    private RouteLeaf? _catchAll;

    /// <summary>Puts a route into the trie; <paramref name="depth"/> segments of it are behind this node.</summary>
    public RouteLeaf Add(IReadOnlyList<RouteSegment> segments, int depth)
    {
        if (depth == segments.Count)
            return _leaf ??= new RouteLeaf();
        var segment = segments[depth];
        if (segment.IsCatchAll)
            return _catchAll ??= new RouteLeaf();
        return (segment.Literal is null ? Parameter(segment) : Literal(segment.Bytes)).Add(segments, depth + 1);
    }

    /// <summary>
    /// Looks for the route of the rest of a path, which begins behind a slash at <paramref name="start"/>. A route that does not have the method is passed over
    /// and remembered in <paramref name="search"/>.
    /// </summary>
    public RouteEndpoint? Find(ref RouteSearch search, int start, int parameters)
    {
        var path = search.Path;
        // A slash at the end says nothing.
        if (start >= path.Length)
        {
            if (_leaf?.Find(ref search) is { } found)
            {
                search.Count = parameters;
                return found;
            }
            return TakeRest(ref search, path.Length, parameters);
        }
        var rest = path[start..];
        var length = rest.IndexOf((byte)'/');
        var end = length < 0 ? path.Length : start + length;
        var segment = path[start..end];
        foreach (ref readonly var child in _literals.AsSpan())
        {
            if (!segment.SequenceEqual(child.Literal))
                continue;
            if (child.Node.Find(ref search, end + 1, parameters) is { } found)
                return found;
            break;
        }
        foreach (ref readonly var child in _parameters.AsSpan())
        {
            if (!IsMet(child.Segment, segment))
                continue;
            search.Values[parameters] = (start, end - start);
            if (child.Node.Find(ref search, end + 1, parameters + 1) is { } found)
                return found;
        }
        return TakeRest(ref search, start, parameters);
    }

    private RouteEndpoint? TakeRest(ref RouteSearch search, int start, int parameters)
    {
        if (_catchAll is null)
            return null;
        search.Values[parameters] = (start, search.Path.Length - start);
        search.Count = parameters + 1;
        return _catchAll.Find(ref search);
    }

    private static bool IsMet(RouteSegment segment, ReadOnlySpan<byte> value)
    {
        foreach (var constraint in segment.Constraints)
        {
            if (!constraint.IsMet(value))
                return false;
        }
        return true;
    }

    private RouteNode Literal(byte[] literal)
    {
        foreach (var (other, node) in _literals)
        {
            if (other.AsSpan().SequenceEqual(literal))
                return node;
        }
        var added = new RouteNode();
        _literals = [.. _literals, (literal, added)];
        return added;
    }

    private RouteNode Parameter(RouteSegment segment)
    {
        foreach (var (other, node) in _parameters)
        {
            if (other.Shape == segment.Shape)
                return node;
        }
        var added = new RouteNode();
        _parameters = [.. _parameters.Append((segment, added)).OrderByDescending(child => child.Item1.Constraints.Count)];
        return added;
    }
}
