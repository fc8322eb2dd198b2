using System.Text;
using CsCheck;
using Gatehouse.Http;
using Gatehouse.Testing;

namespace Gatehouse.Web.Tests.Routing;

/// <summary>The trie against a plain search through all routes.</summary>
public sealed class RoutingPropertyTests
{
    private static readonly Gen<string> Segment = OneOf("a", "b", "c", "7", "12", "{x}", "{x:int}");
    private static readonly Gen<string> Pattern = Gen.Select(Segment.Array[0, 4], OneOf("", "", "/{*rest}", "/{last?}")).Select((segments, end) => Name(segments) + end);
    private static readonly Gen<string> Path = OneOf("a", "b", "c", "7", "12", "x").Array[0, 5].Select(segments => "/" + string.Join('/', segments));

    [Fact]
    public void The_trie_finds_what_a_plain_search_finds() => Gen.Select(Pattern.Array[1, 8], Path.Array[1, 20]).Sample((patterns, paths) =>
    {
        var app = new App();
        var table = new RouteTable();
        var added = new List<RoutePattern>();
        foreach (var text in patterns.Select(pattern => pattern.Length == 0 ? "/" : pattern))
        {
            try
            {
                var pattern = RoutePattern.Parse(text);
                table.Add(new RouteEndpoint(new Route(app, ["GET"], text, null, new Nobody(), "test"), pattern, new Nobody()));
                added.Add(pattern);
            }
            catch (RouteException)
            {
                // In conflict with one before: its first ways may have been taken in, so this table is of no use.
                return;
            }
        }
        foreach (var path in paths)
        {
            var exchange = new FakeExchange("GET", path);
            var search = new RouteSearch(exchange.Request, new (int, int)[RoutePattern.MaxParameters]);
            var found = table.Find(ref search)?.Pattern;
            var matching = added.Where(pattern => Matches(pattern, path)).ToList();
            Assert.Equal(matching.Count > 0, found is not null);
            if (found is null)
                continue;
            Assert.Contains(found, matching);
            // No other that matches is more special where they first differ.
            var length = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Length;
            Assert.DoesNotContain(matching, other => Compare(other, found, length) > 0);
        }
    }, iter: 3000);

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static string Name(string[] segments)
    {
        var text = new StringBuilder();
        for (var i = 0; i < segments.Length; i++)
            text.Append('/').Append(segments[i].Replace("{x", $"{{x{i}", StringComparison.Ordinal));
        return text.ToString();
    }

    private static bool Matches(RoutePattern pattern, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < pattern.Segments.Count; i++)
        {
            var segment = pattern.Segments[i];
            if (segment.IsCatchAll)
                return true;
            if (i >= parts.Length)
                return pattern.Segments.Skip(i).All(rest => rest.IsOptional);
            if (segment.Literal is { } literal ? literal != parts[i] : segment.Constraints.Count > 0 && !int.TryParse(parts[i], out _))
                return false;
        }
        return parts.Length <= pattern.Segments.Count;
    }

    // Positive when the first is more special: literal, constraint, parameter, the end of the pattern, catch-all.
    private static int Compare(RoutePattern first, RoutePattern second, int length)
    {
        for (var i = 0; i < Math.Max(first.Segments.Count, second.Segments.Count); i++)
        {
            var difference = Rank(first, i, length) - Rank(second, i, length);
            if (difference != 0)
                return difference;
        }
        return 0;
    }

    // An optional parameter counts where the path has a segment for it.
    private static int Rank(RoutePattern pattern, int index, int length) => index >= pattern.Segments.Count ? 1 : pattern.Segments[index] switch
    {
        { Literal: not null } => 4,
        { IsCatchAll: true } => 0,
        { IsOptional: true } when index >= length => 1,
        { Constraints.Count: > 0 } => 3,
        _ => 2,
    };

    private sealed class Nobody : IHandler
    {
        public ValueTask HandleAsync(Exchange exchange) => default;
    }
}
