using System.Diagnostics;
using Gatehouse.Dns.Servers;

namespace Gatehouse.Dns.Forwarder.Queries;

/// <summary>A server that is asked, on one reactor: how fast it has been, and whether it answers.</summary>
internal sealed class Upstream(NameServer server)
{
    // After so many failures in a row the others are asked before it, but for one query in a while.
    private const int FailuresToLeave = 3;
    private static readonly long ProbeInterval = Stopwatch.Frequency / 2;

    private long _nextProbe;
    private int _failures;

    /// <summary>The server.</summary>
    internal NameServer Server => server;

    /// <summary>Ticks that answers took lately, smoothed.</summary>
    internal double Latency { get; private set; }

    internal long Queries { get; private set; }

    internal long Failures { get; private set; }

    /// <summary>True while it has failed repeatedly.</summary>
    internal bool IsDown => _failures >= FailuresToLeave;

    /// <summary>Its rank among others, the lowest first: those that answer by their latency, then those that do not.</summary>
    internal double Rank(long now)
    {
        if (!IsDown)
            return Latency;
        if (now < _nextProbe)
            return double.MaxValue;
        return -1;
    }

    internal void Begin(long now)
    {
        Queries++;
        if (IsDown)
            _nextProbe = now + ProbeInterval;
    }

    internal void Succeeded(long ticks)
    {
        _failures = 0;
        Latency = Latency == 0 ? ticks : (Latency * 0.875) + (ticks * 0.125);
    }

    internal void Failed()
    {
        Failures++;
        _failures++;
    }
}
