namespace Gatehouse.Dns.Cache;

/// <summary>What an <see cref="AnswerCache"/> has for a question.</summary>
/// <param name="Length">Bytes of the message that was written; 0 for none.</param>
/// <param name="SecondsLeft">Until it may no longer be given as fresh; 0 for a stale one.</param>
/// <param name="IsStale">True for one whose time is over: to be given only when no server answers (RFC 8767).</param>
/// <param name="IsEnding">True in the last tenth of its time: who asks a server now keeps those waiting who ask next from it.</param>
public readonly record struct CacheHit(int Length, uint SecondsLeft, bool IsStale, bool IsEnding)
{
    /// <summary>True when there is an answer, fresh or stale.</summary>
    public bool IsHit => Length > 0;

    /// <summary>True when there is an answer that is not stale.</summary>
    public bool IsFresh => Length > 0 && !IsStale;
}
