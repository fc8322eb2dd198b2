using System.Diagnostics;
using Gatehouse.Dns.Servers;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>The servers for some names, on one reactor: the fastest that answers is asked, then the next, until the time is over.</summary>
internal sealed class UpstreamGroup : IDisposable
{
    // A query in so many goes to the server that was asked longest ago, so that one which has become faster is found.
    private const int ExploreEvery = 64;

    private readonly Upstream[] _upstreams;
    private readonly TimeSpan _timeout;
    private int _queries;

    internal UpstreamGroup(Reactor reactor, IEnumerable<ServerAddress> servers, ServerOptions options, TimeSpan timeout)
    {
        _timeout = timeout;
        _upstreams = [.. servers.Select(address => new Upstream(NameServers.Create(reactor, address, options)))];
    }

    internal IReadOnlyList<Upstream> Upstreams => _upstreams;

    /// <summary>Asks until a server has an answer. On the reactor.</summary>
    /// <returns>The answer; that of a server which fails or refuses when none has a better one. Null when none answers.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    internal async ValueTask<ServerReply?> AskAsync(PendingQuery query)
    {
        var started = Stopwatch.GetTimestamp();
        var asked = 0UL;
        ServerReply? second = null;
        while (true)
        {
            var upstream = Pick(asked, out var index);
            asked |= 1UL << index;
            var begun = Stopwatch.GetTimestamp();
            upstream.Begin(begun);
            try
            {
                var reply = await upstream.Server.QueryAsync(query.Message, query.Cancellation);
                upstream.Succeeded(Stopwatch.GetTimestamp() - begun);
                if (!DnsHeader.TryRead(reply.Message.Span, out var header) || header.Rcode is DnsRcode.ServFail or DnsRcode.Refused or DnsRcode.NotImp or DnsRcode.FormErr)
                    second = reply;
                else
                    return reply;
            }
            catch (DnsException)
            {
                upstream.Failed();
            }

            query.Cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(started) >= _timeout)
                return second;
            if (asked != (1UL << _upstreams.Length) - 1)
                continue;

            // All have been asked: who has answered has answered, and who has not is asked again.
            if (second is not null)
                return second;
            asked = 0;
            var took = Stopwatch.GetElapsedTime(begun);
            if (took < Pause)
                await ReactorDelay.For(upstream.Server.Reactor, Pause - took, query.Cancellation);
        }
    }

    public void Dispose()
    {
        foreach (var upstream in _upstreams)
            upstream.Server.Dispose();
    }

    // Servers that refuse at once (nobody listens) are not asked in a circle without a rest.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private Upstream Pick(ulong asked, out int index)
    {
        index = -1;
        if (asked == 0 && ++_queries % ExploreEvery == 0)
            index = _queries / ExploreEvery % _upstreams.Length;
        var now = Stopwatch.GetTimestamp();
        for (var (i, best) = (0, double.PositiveInfinity); i < _upstreams.Length && (index < 0 || best < double.PositiveInfinity); i++)
        {
            if ((asked & (1UL << i)) != 0)
                continue;
            var rank = _upstreams[i].Rank(now);
            if (rank < best)
                (index, best) = (i, rank);
        }

        return _upstreams[index];
    }
}
