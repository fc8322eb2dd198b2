using System.Diagnostics;
using Gatehouse.Load.Schedule;

namespace Gatehouse.Load.Tests.Schedule;

public sealed class ArrivalScheduleTests
{
    [Fact]
    public void Requests_are_due_at_equal_distances_turn_by_turn()
    {
        var first = new ArrivalSchedule(10, TimeSpan.Zero, 0, 2);
        var second = new ArrivalSchedule(10, TimeSpan.Zero, 1, 2);
        Assert.Equal([0, 0.2, 0.4], Take(first, 3), new Close());
        Assert.Equal([0.1, 0.3, 0.5], Take(second, 3), new Close());
        Assert.Equal(0, first.Overdue(Ticks(0.5)));
        Assert.Equal(2, first.Overdue(Ticks(0.9)));
        Assert.Equal(2, second.Overdue(Ticks(1)));
    }

    [Fact]
    public void A_ramp_sends_half_as_much()
    {
        var schedule = new ArrivalSchedule(100, TimeSpan.FromSeconds(2), 0, 1);
        var due = Take(schedule, 200);
        Assert.Equal(100, due.Count(seconds => seconds < 2 - 1e-6));
        Assert.Equal(25, due.Count(seconds => seconds < 1 - 1e-6));
        Assert.Equal(2.5, due[150], 3);
        Assert.True(due.Zip(due.Skip(1)).All(pair => pair.First <= pair.Second));
    }

    private static List<double> Take(ArrivalSchedule schedule, int count) => [.. Enumerable.Range(0, count).Select(_ => schedule.Next() / (double)Stopwatch.Frequency)];

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private sealed class Close : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) < 1e-6;

        public int GetHashCode(double value) => 0;
    }
}
