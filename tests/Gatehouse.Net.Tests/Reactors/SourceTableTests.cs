using Gatehouse.Net.Reactors;

namespace Gatehouse.Net.Tests.Reactors;

public sealed class SourceTableTests
{
    [Fact]
    public void An_event_of_a_source_that_has_left_finds_nobody_though_its_slot_is_in_use_again()
    {
        var table = new SourceTable();
        var old = table.Add(new Source());
        table.Remove(old);
        var next = new Source();
        var data = table.Add(next);
        Assert.Equal((uint)old, (uint)data);
        Assert.Null(table.Find(old));
        Assert.Same(next, table.Find(data));
    }

    [Fact]
    public void Thousands_of_sources_keep_their_own_slots()
    {
        var table = new SourceTable();
        var sources = Enumerable.Range(0, 5000).Select(_ => new Source()).ToArray();
        var data = sources.Select(table.Add).ToArray();
        for (var i = 0; i < sources.Length; i += 2)
            table.Remove(data[i]);
        Assert.Equal(2500, table.Count);
        for (var i = 0; i < sources.Length; i++)
            Assert.Same(i % 2 == 0 ? null : sources[i], table.Find(data[i]));
    }

    [Fact]
    public void Data_that_no_slot_has_find_nobody() => Assert.Null(new SourceTable().Find(ulong.MaxValue));

    private sealed class Source : IReactorSource
    {
        public object? Owner => null;

        public void OnEvents(uint events)
        {
        }

        public void OnReactorEnded()
        {
        }
    }
}
