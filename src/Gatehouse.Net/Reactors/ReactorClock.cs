using System.Diagnostics;

namespace Gatehouse.Net.Reactors;

/// <summary>The monotonic clock that all reactors share.</summary>
internal static class ReactorClock
{
    private static readonly long TicksPerMillisecond = Stopwatch.Frequency / 1000;

    /// <summary>Milliseconds since some moment before the program started; never 0.</summary>
    internal static long Milliseconds => ToMilliseconds(Stopwatch.GetTimestamp());

    /// <summary>The same moment as <paramref name="timestamp"/> of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    internal static long ToMilliseconds(long timestamp) => (timestamp / TicksPerMillisecond) + 1;
}
