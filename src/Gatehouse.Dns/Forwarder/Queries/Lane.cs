using System.Diagnostics;
using Gatehouse.Dns.Cache;
using Gatehouse.Dns.Forwarder.Answers;
using Gatehouse.Dns.Forwarder.Clients;
using Gatehouse.Dns.Forwarder.Names;
using Gatehouse.Net.Reactors;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Edns;

namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>
/// One reactor's part of the forwarder. A query is 1. read, 2. let in or not, 3. looked for among local names and lists, 4. in the cache, and
/// 5. given to servers, together with those who ask the same. Up to the fourth step nothing is allocated.
/// </summary>
internal sealed partial class Lane(Reactor reactor, LaneRules rules, OutstandingBudget budget, Action<string> warn)
{
    /// <summary>The longest message (RFC 1035 section 4.2.2).</summary>
    internal const int MaxMessage = ushort.MaxValue;

    // RFC 8767 section 5 recommends 1.8 seconds.
    private const int StaleDelay = 1800;
    private const uint LocalTime = 60;
    private const DnsType IncrementalTransfer = (DnsType)251;
    private const DnsType ZoneTransfer = (DnsType)252;

    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private readonly byte[] _clean = new byte[MaxMessage];
    private readonly byte[] _answer = new byte[MaxMessage];

    /// <summary>The reactor.</summary>
    internal Reactor Reactor => reactor;

    /// <summary>What is in force. Replaced on the reactor; read from anywhere.</summary>
    internal LaneRules Rules { get; private set; } = rules;

    /// <summary>What was counted.</summary>
    internal LaneCounters Counters { get; } = new();

    /// <summary>Puts other rules in force. From any thread.</summary>
    internal void Change(LaneRules next) => reactor.TryPost(new CallbackWork(
        static state =>
        {
            var (lane, next) = ((Lane, LaneRules))state!;
            var groups = lane.Rules.Groups;
            lane.Rules = next;
            if (!ReferenceEquals(groups, next.Groups))
                Dispose(groups);
        },
        (this, next)));

    /// <summary>Puts other names in force. From any thread.</summary>
    internal void Change(NameRules names) => reactor.TryPost(new CallbackWork(
        static state =>
        {
            var (lane, names) = ((Lane, NameRules))state!;
            lane.Rules = lane.Rules with { Names = names };
        },
        (this, names)));

    /// <summary>Ends all that waits, and the connections to servers. From any thread.</summary>
    internal void Stop() => reactor.TryPost(new CallbackWork(
        static state =>
        {
            var lane = (Lane)state!;
            lane.End();
            Dispose(lane.Rules.Groups);
        },
        this));

    /// <summary>Answers a query, or takes it on. On the reactor.</summary>
    /// <param name="query">The message.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="peer">Where an answer that comes later goes to.</param>
    /// <param name="sink">Who sends it.</param>
    /// <param name="state">What that one needs for it; made only when it is needed, by <paramref name="sink"/>'s own choice.</param>
    /// <param name="answer">Room for the answer.</param>
    /// <param name="length">Bytes of the answer.</param>
    /// <param name="left">Seconds for which it may be kept.</param>
    internal QueryOutcome Answer(
        ReadOnlySpan<byte> query, in Client client, in Endpoint peer, IReplySink sink, object? state, Span<byte> answer, out int length, out uint left)
    {
        var rules = Rules;
        length = 0;
        left = 0;
        Counters.Queries[(int)client.Kind]++;

        // 1. What is asked.
        var verdict = QueryView.Read(query, out var view);
        if (verdict != QueryVerdict.Good)
            return Reject(verdict, query, view, client, answer, out length);

        // 2. By whom.
        if (!rules.Clients.IsAllowed(client.Address))
            return Refuse(query, view, client, DnsExtendedError.Prohibited, answer, out length);
        if (!rules.Clients.MayAsk(client.Address, reactor.Timestamp))
        {
            Counters.Limited++;
            if (client.IsDatagram)
                return QueryOutcome.Dropped;
            length = AnswerWriter.WriteError(query, view, DnsRcode.Refused, AnswerWriter.NoReason, answer);
            return QueryOutcome.Answered;
        }

        if (view.Class != DnsClass.IN || view.Type is DnsType.OPT or ZoneTransfer or IncrementalTransfer)
            return Refuse(query, view, client, AnswerWriter.NoReason, answer, out length);

        // 3. Names that are this server's affair.
        if (TryDecide(query, view, answer, out length, out var reason, out var source))
        {
            left = LocalTime;
            length = AnswerWriter.Finish(answer, length, query, view, LimitOf(client, view), reason);
            return Sent(query, view, client, source, answer, ref length);
        }

        // 4. The cache.
        var hit = rules.Cache.Find(view.CacheQuestion(query), AnswerCache.Now, answer);
        if (hit.IsFresh)
        {
            Counters.CacheHits++;
            left = hit.SecondsLeft;
            length = AnswerWriter.Finish(answer, hit.Length, query, view, LimitOf(client, view), AnswerWriter.NoReason);
            if (hit.IsEnding && rules.Prefetches)
                Prefetch(query, view);
            return Sent(query, view, client, "cache", answer, ref length);
        }

        // Who does not ask for recursion gets what is here, and nothing that tells of others (RFC 1035 section 4.1.1).
        if ((view.Flags & DnsFlags.RecursionDesired) == 0)
            return Refuse(query, view, client, AnswerWriter.NoReason, answer, out length);

        // 5. Others are asked.
        Counters.CacheMisses++;
        Ask(query, view, client, peer, sink, state, hit.IsStale);
        return QueryOutcome.Waits;
    }

    private static int LimitOf(in Client client, in QueryView view) =>
        client.IsDatagram ? Math.Min(Math.Min(view.UdpSize, AnswerWriter.UdpSize), client.Limit) : client.Limit;

    private QueryOutcome Reject(QueryVerdict verdict, ReadOnlySpan<byte> query, in QueryView view, in Client client, Span<byte> answer, out int length)
    {
        length = 0;
        Counters.Malformed++;
        if (verdict == QueryVerdict.Drop)
            return QueryOutcome.Dropped;
        var rcode = verdict switch { QueryVerdict.NotImplemented => DnsRcode.NotImp, QueryVerdict.BadVersion => DnsRcode.BadVers, _ => DnsRcode.FormErr };
        if (!Rules.Clients.IsAllowed(client.Address))
            return QueryOutcome.Dropped;
        length = AnswerWriter.WriteError(query, view, rcode, AnswerWriter.NoReason, answer);
        return Sent(query, view, client, "error", answer, ref length);
    }

    private QueryOutcome Refuse(ReadOnlySpan<byte> query, in QueryView view, in Client client, int reason, Span<byte> answer, out int length)
    {
        Counters.Refused++;
        length = AnswerWriter.WriteError(query, view, DnsRcode.Refused, reason, answer);
        return Sent(query, view, client, "refused", answer, ref length);
    }

    // The last step of every answer that is given at once: the limit of responses, and the log.
    private QueryOutcome Sent(ReadOnlySpan<byte> query, in QueryView view, in Client client, string source, Span<byte> answer, ref int length)
    {
        var rules = Rules;
        if (rules.Clients.CountsResponses && client.Kind == ClientKind.Udp && !MaySend(query, view, client, answer, ref length))
            return QueryOutcome.Dropped;
        if (rules.Log is not null && view.QuestionEnd > 0)
            QueryLogLine.Append(rules.Log, client, query, view, answer, source, Stopwatch.GetTimestamp() - reactor.Timestamp);
        return QueryOutcome.Answered;
    }

    private bool MaySend(ReadOnlySpan<byte> query, in QueryView view, in Client client, Span<byte> answer, ref int length)
    {
        var rcode = answer[3] & 0xF;
        switch (Rules.Clients.Judge(client.Address, rcode == 0 ? view.Hash(query, _seed) : (ulong)rcode, reactor.Timestamp))
        {
            case ResponseVerdict.Send:
                return true;
            case ResponseVerdict.Cut when view.QuestionEnd > 0:
                length = AnswerWriter.WriteTruncated(query, view, answer);
                Counters.Limited++;
                return true;
            default:
                Counters.Limited++;
                return false;
        }
    }

    private bool TryDecide(ReadOnlySpan<byte> query, in QueryView view, Span<byte> answer, out int length, out int reason, out string source)
    {
        length = 0;
        reason = AnswerWriter.NoReason;
        source = "local";
        switch (Rules.Names.Decide(view.Name(query), out var local))
        {
            case NameDecision.Local:
                Counters.LocalAnswers++;
                length = AnswerWriter.Begin(query, view, DnsRcode.NoError, answer);
                var (data, size) = view.Type switch
                {
                    DnsType.A => (local!.V4, 4),
                    DnsType.AAAA => (local!.V6, 16),
                    DnsType.PTR when local!.Pointer.Length > 0 => (local.Pointer, local.Pointer.Length),
                    _ => ([], 1),
                };

                // As many as a datagram may have at most; nobody has more.
                for (var at = 0; at < data.Length && length + 12 + size <= answer.Length; at += size)
                    length = AnswerWriter.AddRecord(answer, length, view, LocalTime, data.AsSpan(at, size));
                return true;
            case NameDecision.Block:
                Counters.Blocked++;
                source = "blocked";
                reason = DnsExtendedError.Blocked;
                var rcode = Rules.BlockAnswer switch { BlockAnswer.NXDomain => DnsRcode.NXDomain, BlockAnswer.Refused => DnsRcode.Refused, _ => DnsRcode.NoError };
                length = AnswerWriter.Begin(query, view, rcode, answer);
                if (Rules.BlockAnswer == BlockAnswer.Zero && view.Type is DnsType.A or DnsType.AAAA)
                    length = AnswerWriter.AddRecord(answer, length, view, LocalTime, Zeros[..(view.Type == DnsType.A ? 4 : 16)]);
                return true;
            default:
                return false;
        }
    }

    private static void Dispose(UpstreamGroup[] groups)
    {
        foreach (var group in groups)
            group.Dispose();
    }

    private static ReadOnlySpan<byte> Zeros => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
}
