namespace Gatehouse.Interop.Tests.Balancing;

/// <summary>A server with a route for each policy before three upstreams that answer with their number, shared by the tests of a class.</summary>
public sealed class PolicyServer : IDisposable
{
    public PolicyServer()
    {
        Upstreams = [.. Enumerable.Range(0, 3).Select(i => ScriptedUpstream.Answering(request =>
        {
            if (request.Path.EndsWith($"hold-{i}", StringComparison.Ordinal)) Hold.Wait(Served.Patience);
            return Answer.Ok($"{i}");
        }))];
        var (a, b, c) = (Upstreams[0].Address, Upstreams[1].Address, Upstreams[2].Address);
        Served = Served.Start($$$"""
            sites:
              - routes:
                  - {match: /round/*, proxy: {to: ["{{{a}}}", "{{{b}}}", "{{{c}}}"], balance: round-robin}}
                  - {match: /weighted/*, proxy: {to: [{address: "{{{a}}}", weight: 3}, "{{{b}}}"]}}
                  - {match: /least/*, proxy: {to: ["{{{a}}}", "{{{b}}}", "{{{c}}}"], balance: least-requests}}
                  - {match: /first/*, proxy: {to: ["{{{a}}}", "{{{b}}}"], balance: first}}
                  - {match: /two/*, proxy: {to: ["{{{a}}}", "{{{b}}}", "{{{c}}}"], balance: two-choices}}
                  - {match: /random/*, proxy: {to: ["{{{a}}}", "{{{b}}}", "{{{c}}}"], balance: random}}
            """);
    }

    public Served Served { get; }

    public IReadOnlyList<ScriptedUpstream> Upstreams { get; }

    /// <summary>While it is reset, upstream N does not answer paths that end in hold-N.</summary>
    public ManualResetEventSlim Hold { get; } = new(initialState: true);

    public void Dispose()
    {
        Hold.Set();
        Served.Dispose();
        foreach (var upstream in Upstreams) upstream.Dispose();
        Hold.Dispose();
    }
}
