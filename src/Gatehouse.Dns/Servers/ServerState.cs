namespace Gatehouse.Dns.Servers;

/// <summary>What a group has learnt of a server: how fast it answers, and whether it does. On its reactor.</summary>
internal sealed class ServerState(NameServer server)
{
    // What a dead server's return is noticed in, at the latest: one query at a time goes there again.
    private const long LongestPause = 1000;
    private const long FirstPause = 100;

    private int _failures;
    private long _downUntil;

    internal NameServer Server => server;

    /// <summary>Milliseconds to an answer, smoothed as TCP does (RFC 6298: an eighth of each new one); unknown ones come first, to be known.</summary>
    internal double Latency { get; private set; }

    internal bool IsDown(long now) => now < _downUntil;

    internal void NoteAnswer(double milliseconds)
    {
        Latency = Latency == 0 ? Math.Max(milliseconds, 0.01) : Latency + ((milliseconds - Latency) / 8);
        (_failures, _downUntil) = (0, 0);
    }

    internal void NoteFailure(long now)
    {
        _downUntil = now + Math.Min(LongestPause, FirstPause << Math.Min(_failures, 8));
        _failures++;
    }
}
