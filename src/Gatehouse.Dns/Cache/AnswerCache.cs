using System.Buffers.Binary;
using System.Numerics;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;

namespace Gatehouse.Dns.Cache;

/// <summary>
/// Answers by their questions, positive and negative (RFC 2308), shared by all reactors. Answers lie as they came, without question and EDNS, one behind the
/// other in slabs that the collector does not look into; the oldest slab goes first, and what was asked for meanwhile survives it. Reading takes no lock and
/// allocates nothing; a writer keeps other writers of a sixteenth of the names waiting, and readers repeat what they read while it wrote.
/// </summary>
public sealed class AnswerCache
{
    /// <summary>Bytes of the longest message that <see cref="Find"/> writes.</summary>
    public const int LongestAnswer = 17 * 1024;

    private const int MaxSegments = 16;
    private const int NamesPerSegment = 4096;

    // RFC 8767 section 5: the time to live of a stale answer.
    private const uint StaleTimeToLive = 30;

    private readonly CacheSegment[] _segments;
    private readonly CacheOptions _options;
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private readonly int _shift;

    /// <summary>An empty cache; it takes memory as it fills.</summary>
    public AnswerCache(CacheOptions? options = null)
    {
        _options = options ?? CacheOptions.Default;
        var count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(_options.Names / NamesPerSegment, 1, MaxSegments));
        _shift = 64 - BitOperations.Log2((uint)count);
        // Names do not spread over segments evenly: the slack keeps the fullest from dropping what the others have room for.
        var names = (_options.Names / count) + (count > 1 ? _options.Names / count / 16 : 0);
        var bytes = (_options.Bytes ?? (256L * _options.Names)) / count;
        _segments = new CacheSegment[count];
        for (var i = 0; i < count; i++)
            _segments[i] = new CacheSegment(names, bytes);
    }

    /// <summary>Answers that it has.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var segment in _segments)
                count += segment.Count;
            return count;
        }
    }

    /// <summary>Bytes that it holds, free room in its slabs included.</summary>
    public long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var segment in _segments)
                bytes += segment.Bytes;
            return bytes;
        }
    }

    /// <summary>The clock of all caches: seconds that only go forward.</summary>
    public static uint Now => (uint)(Environment.TickCount64 / 1000);

    /// <summary>
    /// Writes the answer to a question as a message with the id 0 and without EDNS, times to live as they are now. From any thread.
    /// </summary>
    /// <param name="question">The question.</param>
    /// <param name="now">Seconds of <see cref="Now"/>.</param>
    /// <param name="message">Takes the message; one that is too short for an answer finds none.</param>
    public CacheHit Find(in CacheQuestion question, uint now, Span<byte> message)
    {
        if (_options.Names == 0)
            return default;
        var hash = question.Hash(_seed);
        var length = SegmentOf(hash).Find(question, (uint)hash, message, out var storedAt, out var life);
        if (length == 0)
            return default;
        var age = now - storedAt;
        if (age < life)
        {
            MessageAge.Apply(message[..length], age);
            var left = life - age;
            return new CacheHit(length, left, IsStale: false, IsEnding: left * 10 < life);
        }
        if (age - life >= _options.StaleLife)
            return default;
        SetStale(message[..length]);
        return new CacheHit(length, 0, IsStale: true, IsEnding: true);
    }

    /// <summary>
    /// Keeps the answer to a question, where it may be kept: truncated and failed ones, negative ones without an SOA, and those longer than 16 KB are not.
    /// From any thread.
    /// </summary>
    /// <param name="question">The question that was asked.</param>
    /// <param name="message">The answer; its question is taken to be that one.</param>
    /// <param name="now">Seconds of <see cref="Now"/>.</param>
    public bool Add(in CacheQuestion question, ReadOnlySpan<byte> message, uint now)
    {
        if (_options.Names == 0 || MessageAge.LifeOf(message) is not { } life)
            return false;
        DnsHeader.TryRead(message, out var header);
        var isNegative = header.Rcode == DnsRcode.NXDomain || header.AnswerCount == 0;
        life = Math.Clamp(life, _options.MinLife, Math.Max(_options.MinLife, isNegative ? _options.MaxNegativeLife : _options.MaxLife));
        if (life == 0)
            return false;
        Span<byte> stored = stackalloc byte[2048];
        if (message.Length > stored.Length)
            stored = new byte[message.Length + 64];
        var length = CacheEntry.Pack(question, message, isNegative, stored);
        if (length == 0)
            return false;
        var hash = question.Hash(_seed);
        return SegmentOf(hash).Add(question, (uint)hash, stored[..length], now, life);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach (var segment in _segments)
            segment.Clear();
    }

    private static void SetStale(Span<byte> message)
    {
        var reader = new DnsMessageReader(message);
        while (reader.TryReadRecord(out var record))
            BinaryPrimitives.WriteUInt32BigEndian(message[(record.DataOffset - 6)..], StaleTimeToLive);
    }

    private CacheSegment SegmentOf(ulong hash) => _segments.Length == 1 ? _segments[0] : _segments[hash >> _shift];
}
