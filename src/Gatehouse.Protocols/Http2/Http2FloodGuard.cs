namespace Gatehouse.Protocols.Http2;

/// <summary>
/// Tells a peer that makes work from one that has work done. Frames that ask for something cost credit; messages, data and time earn it. A peer without
/// credit is sent away with ENHANCE_YOUR_CALM. Two accounts: one for control frames, and a dearer one for streams that end early by the peer's doing
/// (RFC 9113 section 10.5, CVE-2023-44487, CVE-2025-8671).
/// </summary>
public struct Http2FloodGuard(long now)
{
    // Bursts that honest peers have: a page that is left cancels its hundred streams, a fast download acknowledges every few kilobytes.
    private const int MostControl = 4000;
    private const int ControlPerSecond = 100;

    // nghttp2's stream_reset_rate_limit has the same two numbers.
    private const int MostResets = 1000;
    private const int ResetsPerSecond = 33;

    private long _earnedAt = now;
    private int _control = MostControl;
    private int _resets = MostResets;

    /// <summary>A control frame, or one without effect, came. False when it was one too many.</summary>
    public bool TakeControl(long now)
    {
        if (--_control >= 0)
            return true;
        Earn(now);
        return --_control >= 0;
    }

    /// <summary>A stream ended early: the peer reset it, opened one too many, or broke a rule on it. False when it was one too many.</summary>
    public bool TakeReset(long now)
    {
        if (--_resets >= 0)
            return true;
        Earn(now);
        return --_resets >= 0;
    }

    /// <summary>Something was done that control frames go along with: a request begun, a frame of data either way.</summary>
    public void EarnControl() => _control = Math.Min(_control + 4, MostControl);

    private void Earn(long now)
    {
        var elapsed = Math.Min(now - _earnedAt, 60_000);
        _earnedAt = now;
        _control = (int)Math.Min(Math.Max(_control, 0) + (elapsed * ControlPerSecond / 1000), MostControl);
        _resets = (int)Math.Min(Math.Max(_resets, 0) + (elapsed * ResetsPerSecond / 1000), MostResets);
    }
}
