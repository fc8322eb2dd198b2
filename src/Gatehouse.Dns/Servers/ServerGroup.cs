using System.Diagnostics;
using Gatehouse.Dns.Resolver;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Servers;

/// <summary>
/// Servers that answer for each other: the fastest is asked first, the next when it fails, or beside it when it has not answered in twice its usual time.
/// On its reactor.
/// </summary>
public sealed class ServerGroup : IDisposable
{
    // The wait before the next server is asked beside one of which nothing is known, and the bounds of that wait.
    private const double UnknownPatience = 200;
    private const double LeastPatience = 50;
    private const double MostPatience = 1000;

    private readonly Reactor _reactor;
    private readonly ServerState[] _servers;
    private readonly bool _rotates;
    private int _next;

    /// <summary>A group.</summary>
    /// <param name="reactor">The reactor of all its servers.</param>
    /// <param name="servers">The servers; the group disposes of them.</param>
    /// <param name="rotates">True to ask each in turn first, whichever is fastest.</param>
    public ServerGroup(Reactor reactor, IReadOnlyList<NameServer> servers, bool rotates = false)
    {
        _reactor = reactor;
        _servers = [.. servers.Select(static server => new ServerState(server))];
        _rotates = rotates;
    }

    /// <summary>The servers, in the order given.</summary>
    public IEnumerable<NameServer> Servers => _servers.Select(static state => state.Server);

    /// <summary>Asks until one gives an answer: NOERROR or NXDOMAIN, else the last answer of another kind.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="options">What the query says besides.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="DnsException">None answered: the failure of the last one.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async ValueTask<ServerReply> QueryAsync(DnsQuestion question, QueryOptions options, CancellationToken cancellation = default)
    {
        var order = Order();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var attempts = new List<Task<ServerReply>>(order.Length);
        var next = 0;
        ServerReply? refusal = null;
        DnsException? fault = null;
        try
        {
            while (true)
            {
                if (next < order.Length)
                    attempts.Add(AskAsync(order[next++], question, options, stop.Token));
                if (attempts.Count == 0)
                    return refusal ?? throw fault ?? new DnsException(DnsFault.Network, "there is no name server to ask");
                await FirstAsync(attempts, next < order.Length ? Patience(order[next - 1]) : Timeout.InfiniteTimeSpan, stop.Token);
                cancellation.ThrowIfCancellationRequested();
                for (var i = attempts.Count - 1; i >= 0; i--)
                {
                    if (!attempts[i].IsCompleted)
                        continue;
                    var ended = attempts[i];
                    attempts.RemoveAt(i);
                    if (ended.IsCompletedSuccessfully && IsAnswer(ended.Result))
                        return ended.Result;
                    if (ended.IsCompletedSuccessfully)
                        refusal = ended.Result;
                    else
                        fault = ended.Exception?.InnerException as DnsException ?? fault;
                }
            }
        }
        finally
        {
            await stop.CancelAsync();
            await ReactorSwitch.To(_reactor);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var state in _servers)
            state.Server.Dispose();
    }

    private static bool IsAnswer(ServerReply reply) =>
        DnsHeader.TryRead(reply.Message.Span, out var header) && header.Rcode is DnsRcode.NoError or DnsRcode.NXDomain;

    private static TimeSpan Patience(ServerState state) =>
        TimeSpan.FromMilliseconds(state.Latency == 0 ? UnknownPatience : Math.Clamp(state.Latency * 2, LeastPatience, MostPatience));

    private async ValueTask FirstAsync(List<Task<ServerReply>> attempts, TimeSpan patience, CancellationToken cancellation)
    {
        if (attempts.TrueForAll(static attempt => !attempt.IsCompleted))
        {
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny([.. attempts, Task.Delay(patience, pause.Token)]);
            await pause.CancelAsync();
        }
        await ReactorSwitch.To(_reactor);
    }

    private ServerState[] Order()
    {
        var now = _reactor.Now;
        var turn = _rotates ? _next++ : 0;
        return [.. _servers
            .Select((state, index) => (state, place: _rotates ? (uint)(index - turn) % (uint)_servers.Length : 0))
            .OrderBy(entry => entry.state.IsDown(now)).ThenBy(static entry => entry.place).ThenBy(static entry => entry.state.Latency)
            .Select(static entry => entry.state)];
    }

    private async Task<ServerReply> AskAsync(ServerState state, DnsQuestion question, QueryOptions options, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var query = QueryWriter.Write(question, options, state.Server.IsEncrypted);
            var reply = await state.Server.QueryAsync(query, cancellation);
            DnsHeader.TryRead(reply.Message.Span, out var header);
            if (options.Edns && !options.DnssecOk && header.Rcode is DnsRcode.FormErr or DnsRcode.NotImp)
            {
                // RFC 6891 section 7: a server that does not know EDNS is asked without.
                query = QueryWriter.Write(question, options with { Edns = false }, isPadded: false);
                reply = await state.Server.QueryAsync(query, cancellation);
            }
            state.NoteAnswer(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return reply;
        }
        catch (DnsException exception)
        {
            if (exception.Fault != DnsFault.Busy)
                state.NoteFailure(_reactor.Now);
            throw;
        }
    }
}
