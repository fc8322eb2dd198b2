namespace Gatehouse.Interop.Tests.Balancing;

/// <summary>Which target gets a request, seen from outside.</summary>
public sealed class PolicyTests(PolicyServer server) : IClassFixture<PolicyServer>
{
    [Fact]
    public void Round_robin_is_exact() => Assert.Equal(string.Concat(Enumerable.Repeat("012", 20)), Ask("/round/", 60));

    [Fact]
    public void Weights_are_shares()
    {
        var asked = Ask("/weighted/", 80);
        Assert.Equal(60, asked.Count(c => c == '0'));
        // Smooth: the light one is not left for the end of a long series.
        Assert.DoesNotContain("0000", asked, StringComparison.Ordinal);
    }

    [Fact]
    public void Least_requests_avoids_the_busy()
    {
        Assert.Equal([20, 20, 20], Shares(Ask("/least/", 60)));
        server.Hold.Reset();
        var held = new List<RawClient>();
        try
        {
            // Ask until target 0 holds four requests; the others answer theirs.
            for (var i = 0; i < 12; i++)
            {
                var client = server.Served.Connect();
                held.Add(client);
                client.Send(Served.Head("GET", "/least/hold-0"));
            }
            Served.Eventually(() => server.Upstreams[0].Open >= 1, "target 0 holds a request");
            Thread.Sleep(200);
            var shares = Shares(Ask("/least/x", 30));
            Assert.Equal(0, shares[0]);
        }
        finally
        {
            server.Hold.Set();
            foreach (var client in held) client.Dispose();
        }
    }

    [Fact]
    public void First_has_the_others_as_substitutes_only() => Assert.Equal(new string('0', 30), Ask("/first/", 30));

    [Theory]
    [InlineData("/two/")]
    [InlineData("/random/")]
    public void Chance_reaches_all(string target)
    {
        // The chance that one of three fair targets gets fewer than 20 of 150 is below one in a million.
        Assert.All(Shares(Ask(target, 150)), share => Assert.InRange(share, 20, 110));
    }

    private string Ask(string target, int count)
    {
        using var client = server.Served.Connect();
        var answers = new char[count];
        for (var i = 0; i < count; i++)
        {
            client.Send(Served.Head("GET", target));
            answers[i] = client.ReadResponse().Text[0];
        }
        return new string(answers);
    }

    private static int[] Shares(string answers) => [.. "012".Select(name => answers.Count(c => c == name))];
}
