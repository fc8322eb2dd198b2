namespace Gatehouse.Net.Reactors;

/// <summary>A source whose work another reactor can do while its own is held by a callback.</summary>
internal interface IHeldSource
{
    /// <summary>
    /// Has <paramref name="other"/> do the work until the turn of the held reactor that began at <paramref name="turn"/> is over. On the watchdog's thread.
    /// </summary>
    void StandIn(Reactor other, long turn);
}
