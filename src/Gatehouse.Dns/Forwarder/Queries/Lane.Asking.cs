using System.Diagnostics;
using Gatehouse.Dns.Cache;
using Gatehouse.Dns.Forwarder.Answers;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Edns;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Forwarder.Queries;

/// <content>The fifth step: what is not known here is asked for, once for all who want to know.</content>
internal sealed partial class Lane
{
    // Waiters that are kept for the next queries.
    private const int MaxFree = 1024;

    private readonly Dictionary<ulong, PendingQuery> _pending = [];
    private Waiter? _free;
    private int _freeCount;

    // In the order in which they began: the oldest gives way.
    private PendingQuery? _oldest;
    private PendingQuery? _newest;

    /// <summary>Questions that servers are asked now.</summary>
    internal int PendingCount => _pending.Count;

    /// <summary>Gives those who wait a stale answer; servers go on being asked.</summary>
    internal void AnswerStale(PendingQuery pending)
    {
        if (!pending.IsOver && pending.Waiters is not null)
            TryReplyStale(pending);
    }

    /// <summary>Ends all that waits: the server stops.</summary>
    internal void End()
    {
        while (_oldest is { } pending)
            Fail(pending, cancel: true);
    }

    private void Ask(ReadOnlySpan<byte> query, in QueryView view, in Client client, in Endpoint peer, IReplySink sink, object? state, bool hasStale)
    {
        var waiter = _free ?? new Waiter();
        if (_free is not null)
        {
            _free = waiter.Next;
            _freeCount--;
        }

        waiter.Set(query, view);
        waiter.Client = client;
        waiter.Peer = peer;
        waiter.Sink = sink;
        waiter.State = state;
        waiter.StartedAt = reactor.Timestamp;
        var pending = Begin(query, view, out var isNew);
        waiter.Next = pending.Waiters;
        pending.Waiters = waiter;
        budget.Take();
        if (hasStale)
            pending.ArmStale(reactor, StaleDelay);
        if (isNew)
            _ = AskAsync(pending);
    }

    private void Prefetch(ReadOnlySpan<byte> query, in QueryView view)
    {
        if (_pending.ContainsKey(view.Hash(query, _seed)) || budget.IsSpent)
            return;
        Counters.Prefetches++;
        _ = AskAsync(Begin(query, view, out _));
    }

    private PendingQuery Begin(ReadOnlySpan<byte> query, in QueryView view, out bool isNew)
    {
        isNew = false;
        var hash = view.Hash(query, _seed);
        if (_pending.TryGetValue(hash, out var pending) && IsSame(pending, query, view))
            return pending;
        isNew = true;

        // A server that has come back is noticed by the newest queries: the oldest, which have waited long enough, give way to them.
        while (budget.IsSpent && _oldest is { } oldest)
            Fail(oldest, cancel: true);
        if (_pending.TryGetValue(hash, out var other))
            Fail(other, cancel: true);
        pending = new PendingQuery(this, hash, view, Message(query, view)) { Older = _newest };
        if (_newest is null)
            _oldest = pending;
        else
            _newest.Newer = pending;
        _newest = pending;
        _pending.Add(hash, pending);
        budget.Take();
        return pending;
    }

    private static bool IsSame(PendingQuery pending, ReadOnlySpan<byte> query, in QueryView view) =>
        pending.View.QuestionEnd == view.QuestionEnd && pending.View.Variant == view.Variant && pending.View.Type == view.Type
        && Protocols.Dns.Names.DnsWireName.AreEqual(pending.View.Name(pending.Message), view.Name(query));

    // EDNS is this server's own: the client's size, network and cookie say nothing of the way from here (RFC 6891 section 6.1.1).
    private static byte[] Message(ReadOnlySpan<byte> query, in QueryView view)
    {
        Span<byte> message = stackalloc byte[DnsHeader.Size + 255 + 4 + 11];
        var flags = DnsFlags.RecursionDesired | (view.Flags & DnsFlags.CheckingDisabled) | DnsFlags.AuthenticData;
        var writer = new DnsMessageWriter(message, new DnsHeader(0, flags));
        Span<byte> name = stackalloc byte[255];
        name = name[..view.NameLength];
        Protocols.Dns.Names.DnsWireName.ToLower(view.Name(query), name);
        writer.TryWriteQuestion(name, view.Type, view.Class);
        writer.TryBeginEdns(AnswerWriter.UdpSize, view.DnssecOk);
        writer.EndEdns();
        return message[..writer.Finish()].ToArray();
    }

    private async Task AskAsync(PendingQuery pending)
    {
        try
        {
            var rules = Rules;
            var reply = await rules.Groups[rules.Names.RouteOf(pending.View.Name(pending.Message))].AskAsync(pending);
            if (pending.IsOver)
                return;
            if (reply is null || !TryTake(pending, reply.Message.Span))
                Fail(pending, cancel: false);
        }
        catch (OperationCanceledException) when (pending.IsOver)
        {
            // Its clients have had their answer.
        }
        catch (Exception exception)
        {
            // A fault of this program: nobody waits for ever for all that.
            warn($"dns: a query could not be forwarded: {exception}");
            if (!pending.IsOver)
                Fail(pending, cancel: false);
        }
    }

    private bool TryTake(PendingQuery pending, ReadOnlySpan<byte> reply)
    {
        var length = ServerAnswer.CopyClean(reply, pending.Message, pending.View, _clean);
        if (length == 0)
            return false;
        var rcode = (DnsRcode)(_clean[3] & 0xF);
        Rules.Cache.Add(pending.View.CacheQuestion(pending.Message), _clean.AsSpan(0, length), AnswerCache.Now);
        if (rcode is DnsRcode.ServFail or DnsRcode.Refused)
        {
            Counters.Failures++;
            if (TryReplyStale(pending))
            {
                End(pending, cancel: false);
                return true;
            }

            length = ServerAnswer.CopyClean(reply, pending.Message, pending.View, _clean);
        }

        End(pending, cancel: false);
        Reply(pending, length, MessageAge.LifeOf(_clean.AsSpan(0, length)) ?? 0, AnswerWriter.NoReason, "upstream");
        return true;
    }

    private void Fail(PendingQuery pending, bool cancel)
    {
        Counters.Failures++;
        var isAnswered = pending.Waiters is null || TryReplyStale(pending);
        End(pending, cancel);
        if (!isAnswered)
            Reply(pending, AnswerWriter.Begin(pending.Message, pending.View, DnsRcode.ServFail, _clean), 0, DnsExtendedError.NoReachableAuthority, "failed");
    }

    private bool TryReplyStale(PendingQuery pending)
    {
        if (pending.Waiters is null)
            return false;
        var hit = Rules.Cache.Find(pending.View.CacheQuestion(pending.Message), AnswerCache.Now, _clean);
        if (!hit.IsHit)
            return false;
        Counters.StaleAnswers++;
        Reply(pending, hit.Length, hit.SecondsLeft, hit.IsStale ? DnsExtendedError.StaleAnswer : AnswerWriter.NoReason, "stale");
        return true;
    }

    private void End(PendingQuery pending, bool cancel)
    {
        if (_pending.TryGetValue(pending.Hash, out var known) && ReferenceEquals(known, pending))
            _pending.Remove(pending.Hash);
        if (pending.Older is { } older)
            older.Newer = pending.Newer;
        else
            _oldest = pending.Newer;
        if (pending.Newer is { } newer)
            newer.Older = pending.Older;
        else
            _newest = pending.Older;
        pending.Older = pending.Newer = null;
        budget.Give(1);
        pending.End(cancel);
    }

    // The message that all get lies in _clean.
    private void Reply(PendingQuery pending, int length, uint left, int reason, string source)
    {
        var rules = Rules;
        var waiter = pending.Waiters;
        pending.Waiters = null;
        while (waiter is not null)
        {
            var next = waiter.Next;
            ref var view = ref waiter.View;
            var client = waiter.Client;
            _clean.AsSpan(0, length).CopyTo(_answer);
            var count = AnswerWriter.Finish(_answer, length, waiter.Query, view, LimitOf(client, view), reason);
            if (!rules.Clients.CountsResponses || client.Kind != ClientKind.Udp || MaySend(waiter.Query, view, client, _answer, ref count))
            {
                if (rules.Log is not null)
                    QueryLogLine.Append(rules.Log, client, waiter.Query, view, _answer, source, Stopwatch.GetTimestamp() - waiter.StartedAt);
                waiter.Sink!.Reply(_answer.AsSpan(0, count), waiter.Peer, waiter.State, left);
            }

            Return(waiter);
            waiter = next;
        }
    }

    private void Return(Waiter waiter)
    {
        budget.Give(1);
        waiter.Sink = null;
        waiter.State = null;
        waiter.Next = null;
        if (_freeCount >= MaxFree)
            return;
        waiter.Next = _free;
        _free = waiter;
        _freeCount++;
    }
}
