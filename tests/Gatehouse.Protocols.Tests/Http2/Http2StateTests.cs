using System.Text;
using CsCheck;
using Gatehouse.Protocols.Http2;

namespace Gatehouse.Protocols.Tests.Http2;

/// <summary>The small parts that both drivers keep of a connection: streams, windows, priorities, credit.</summary>
public sealed class Http2StateTests
{
    [Fact]
    public void Streams_are_found_as_in_a_dictionary() => Gen.Select(Gen.Int[0, 300], Gen.Bool).Array[0, 600].Sample(steps =>
    {
        var table = new Http2StreamTable<string>();
        var model = new Dictionary<int, string>();
        foreach (var (number, isAdded) in steps)
        {
            var id = (number * 2) + 1;
            if (isAdded && !model.ContainsKey(id))
                table.Add(id, model[id] = $"{id}");
            else if (!isAdded)
                Assert.True(model.Remove(id) || table.Find(id) is null);
            if (!isAdded)
                table.Remove(id);
        }
        Assert.Equal(model.Count, table.Count);
        for (var id = 1; id <= 601; id += 2)
            Assert.Equal(model.GetValueOrDefault(id), table.Find(id));
        Assert.Equal(model.Count, Enumerable.Range(0, table.Capacity).Count(slot => table.At(slot) is not null));
    }, iter: 300);

    [Theory]
    [InlineData("", 3, false)]
    [InlineData("u=5, i", 5, true)]
    [InlineData("u=0", 0, false)]
    [InlineData("i=?1,u=7", 7, true)]
    [InlineData("i, i=?0", 3, false)]
    [InlineData("u=8", 3, false)]
    [InlineData("u=-1", 3, false)]
    [InlineData("u=\"1\", i=1", 3, false)]
    [InlineData("u=2;x=1, i;y", 2, true)]
    [InlineData("a=\"u=1, i\", u=4", 4, false)]
    public void Priorities_are_read_and_what_is_wrong_ignored(string value, byte urgency, bool isIncremental) =>
        Assert.Equal(new Http2Priority(urgency, isIncremental), Http2Priority.Parse(Encoding.ASCII.GetBytes(value)));

    [Fact]
    public void A_window_may_become_negative_and_never_too_large()
    {
        var window = new Http2Window(10);
        Assert.True(window.TryTake(10));
        Assert.False(window.TryTake(1));
        Assert.True(window.TryAdd(-5));
        Assert.Equal(0, window.Available);
        Assert.True(window.TryAdd(6));
        Assert.Equal(1, window.Available);
        Assert.False(window.TryAdd(int.MaxValue));
        Assert.True(window.TryAdd(int.MaxValue - 1L));
        Assert.Equal(int.MaxValue, window.Available);
    }

    [Fact]
    public void Credit_is_used_up_by_what_has_no_use_and_earned_by_work_and_time()
    {
        var guard = new Http2FloodGuard(0);
        var controls = 0;
        while (guard.TakeControl(0))
            controls++;
        Assert.InRange(controls, 1000, 10_000);
        Assert.True(guard.TakeControl(1000));
        guard = new Http2FloodGuard(0);
        for (var i = 0; i < 100_000; i++)
        {
            guard.EarnControl();
            Assert.True(guard.TakeControl(0) && guard.TakeControl(0));
        }
        guard = new Http2FloodGuard(0);
        var resets = 0;
        while (guard.TakeReset(0))
            resets++;
        Assert.InRange(resets, 200, 2000);
        Assert.True(guard.TakeReset(1000));
    }
}
