using System.Numerics;
using Gatehouse.Protocols.Http2;

namespace Gatehouse.Http.Server.Http2;

/// <summary>
/// The streams that have something to send and may: by urgency, and of one urgency in turn when they are incremental, else one after the other (RFC 9218
/// section 10).
/// </summary>
internal struct Http2SendQueue()
{
    private readonly Http2Exchange?[] _heads = new Http2Exchange?[Http2Priority.Levels];
    private readonly Http2Exchange?[] _tails = new Http2Exchange?[Http2Priority.Levels];
    private uint _levels;

    /// <summary>True when no stream waits.</summary>
    public readonly bool IsEmpty => _levels == 0;

    /// <summary>The stream whose turn it is, or null.</summary>
    public readonly Http2Exchange? Next => _levels == 0 ? null : _heads[BitOperations.TrailingZeroCount(_levels)];

    /// <summary>Puts a stream at the end of its level; does nothing when it is queued.</summary>
    public void Add(Http2Exchange stream)
    {
        if (stream.QueuedLevel >= 0)
            return;
        var level = stream.Priority.Urgency;
        stream.QueuedLevel = level;
        stream.QueuedBefore = _tails[level];
        if (_tails[level] is { } tail)
            tail.QueuedBehind = stream;
        else
            _heads[level] = stream;
        _tails[level] = stream;
        _levels |= 1u << level;
    }

    /// <summary>Takes a stream out; does nothing when it is not queued.</summary>
    public void Remove(Http2Exchange stream)
    {
        var level = stream.QueuedLevel;
        if (level < 0)
            return;
        stream.QueuedLevel = -1;
        if (stream.QueuedBefore is { } before)
            before.QueuedBehind = stream.QueuedBehind;
        else
            _heads[level] = stream.QueuedBehind;
        if (stream.QueuedBehind is { } behind)
            behind.QueuedBefore = stream.QueuedBefore;
        else
            _tails[level] = stream.QueuedBefore;
        stream.QueuedBefore = stream.QueuedBehind = null;
        if (_heads[level] is null)
            _levels &= ~(1u << level);
    }

    /// <summary>A stream has had its turn, and has more to send.</summary>
    public void Rotate(Http2Exchange stream)
    {
        if (!stream.Priority.IsIncremental || stream.QueuedBehind is null)
            return;
        Remove(stream);
        Add(stream);
    }
}
