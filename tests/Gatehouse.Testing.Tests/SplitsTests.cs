namespace Gatehouse.Testing.Tests;

/// <summary>Every way to split is the same bytes, and what lies around a piece is guard.</summary>
public sealed class SplitsTests
{
    private static readonly byte[] Data = [.. Enumerable.Range(0, 100).Select(value => (byte)value)];

    [Fact]
    public void Pieces_join_to_the_whole()
    {
        var ways = Splits.Of(Data, random: 20).Concat(Splits.EveryCut(Data)).ToList();
        Assert.Equal(2 + 20 + 99, ways.Count);
        Assert.All(ways, pieces => Assert.Equal(Data, pieces.SelectMany(piece => piece.ToArray())));
        Assert.All(ways, pieces => Assert.DoesNotContain(pieces, piece => piece.IsEmpty));
        Assert.True(ways.Skip(2).Take(20).Select(pieces => string.Join(',', pieces.Select(piece => piece.Length))).Distinct().Count() > 10);
    }

    [Fact]
    public void The_same_seed_splits_the_same()
    {
        static string Lengths(int seed) => string.Join(';', Splits.Of(Data, 5, seed).Select(pieces => string.Join(',', pieces.Select(piece => piece.Length))));
        Assert.Equal(Lengths(3), Lengths(3));
        Assert.NotEqual(Lengths(3), Lengths(4));
    }

    [Fact]
    public void Guard_stands_on_both_sides()
    {
        foreach (var piece in Splits.Of(Data).SelectMany(pieces => pieces))
        {
            Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(piece, out var segment));
            Assert.Equal(Splits.Guard, segment.Array![segment.Offset - 1]);
            Assert.Equal(Splits.Guard, segment.Array[segment.Offset + segment.Count]);
        }
    }

    [Fact]
    public void A_growing_buffer_holds_what_has_arrived_and_guard_behind()
    {
        var arrived = 0;
        foreach (var (buffer, start, end) in Splits.Growing(Splits.AtRandom(Data, new Random(1))))
        {
            Assert.True(end - start > arrived);
            arrived = end - start;
            Assert.Equal(Data[..arrived], buffer[start..end]);
            Assert.All(buffer[end..], value => Assert.Equal(Splits.Guard, value));
        }
        Assert.Equal(Data.Length, arrived);
    }
}
