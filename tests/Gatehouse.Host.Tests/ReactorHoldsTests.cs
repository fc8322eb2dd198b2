using System.Text;
using Gatehouse.Host.Admin;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Host.Tests;

public sealed class ReactorHoldsTests
{
    [Fact]
    public void Each_is_logged_with_its_cause_and_counted()
    {
        var log = new Lines();
        var holds = new ReactorHolds(log, 2);
        using var first = new Reactor(0);
        using var second = new Reactor(1);
        Assert.Empty(holds.All);
        holds.Note(new HeldReactor(second, TimeSpan.FromMilliseconds(123), new StringBuilder("route /slow/*"), first));
        holds.Note(new HeldReactor(second, TimeSpan.FromMilliseconds(150), null, null));
        Assert.Equal(
            [
                "reactor 1 has been held for 123 ms by route /slow/*; reactor 0 accepts connections for it",
                "reactor 1 has been held for 150 ms by a timer or work from another thread; nobody accepts connections for it",
            ],
            log.Warnings);
        Assert.Equal((0, 2), (holds.TimesOf(0), holds.TimesOf(1)));
        var hold = Assert.Single(holds.All);
        Assert.Equal((1, 2, 150.0), (hold.Reactor, hold.Times, hold.Duration.TotalMilliseconds));
    }

    private sealed class Lines : IServerLog
    {
        public List<string> Warnings { get; } = [];

        public void Info(string message) => Assert.Fail(message);

        public void Warn(string message) => Warnings.Add(message);

        public void Error(string message) => Assert.Fail(message);
    }
}
