using System.Text;
using CsCheck;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Tests.Headers;

public sealed class HeaderTableTests
{
    [Fact]
    public void Fields_of_a_name_are_removed_in_any_case_and_the_others_keep_their_order()
    {
        var table = Table("Accept", "X-A", "accept", "x-a", "Host");
        Assert.Equal(2, table.Remove("ACCEPT"u8, 0, table.Count));
        Assert.Equal(["X-A", "x-a", "Host"], Names(table));
        Assert.False(table.Contains(KnownHeader.Accept));
        Assert.True(table.Contains(KnownHeader.Host));
        Assert.Equal(2, table.Remove("X-a"u8, 0, table.Count));
        Assert.Equal(["Host"], Names(table));
        Assert.Equal(0, table.Remove("X-a"u8, 0, table.Count));
    }

    [Fact]
    public void Only_the_range_is_looked_at()
    {
        var table = Table("Accept", "Host", "Accept", "Accept");
        Assert.Equal(1, table.Remove("Accept"u8, 1, 3));
        Assert.Equal(["Accept", "Host", "Accept"], Names(table));
        Assert.True(table.Contains(KnownHeader.Accept));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Remove("Accept"u8, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Remove("Accept"u8, 2, 1));
    }

    [Fact]
    public void A_table_with_fields_removed_is_as_one_that_never_had_them()
    {
        string[] all = ["Accept", "X-A", "Host", "X-Sendfile", "Warning", "X-B"];
        Gen.Select(Gen.Int[0, all.Length - 1].Array[0, 20], Gen.Int[0, all.Length - 1]).Sample((fields, removed) =>
        {
            var table = Table([.. fields.Select(field => all[field])]);
            table.Remove(Encoding.ASCII.GetBytes(all[removed].ToLowerInvariant()), 0, table.Count);
            var expected = Table([.. fields.Where(field => field != removed).Select(field => all[field])]);
            Assert.Equal(Names(expected), Names(table));
            foreach (var known in Enum.GetValues<KnownHeader>())
                Assert.Equal((expected.Contains(known), expected.CountOf(known)), (table.Contains(known), table.CountOf(known)));
        });
    }

    private static HeaderTable Table(params string[] names)
    {
        var buffer = Encoding.ASCII.GetBytes(string.Concat(names));
        var table = new HeaderTable(2);
        table.Reset(buffer);
        var at = 0;
        foreach (var name in names)
        {
            table.Add(KnownHeaders.Find(Encoding.ASCII.GetBytes(name)), at, name.Length, at, name.Length);
            at += name.Length;
        }
        return table;
    }

    private static List<string> Names(HeaderTable table) => [.. Enumerable.Range(0, table.Count).Select(i => Encoding.ASCII.GetString(table[i].Name))];
}
