using System.Text;
using CsCheck;
using Gatehouse.Http.Conditional;
using Gatehouse.Testing;

namespace Gatehouse.Http.Tests.Conditional;

public class RangeFieldTests
{
    [Theory]
    [InlineData("bytes=0-499", "0+500")]
    [InlineData("bytes=500-999", "500+500")]
    [InlineData("bytes=-500", "9500+500")]
    [InlineData("bytes=9500-", "9500+500")]
    [InlineData("BYTES=0-0", "0+1")]
    [InlineData("bytes=0-0,-1", "0+1 9999+1")]
    [InlineData("bytes= 0-0 , , 500-600", "0+1 500+101")]
    [InlineData("bytes=0-99999999999999999999999", "0+10000")]
    [InlineData("bytes=-99999999999999999999999", "0+10000")]
    [InlineData("bytes=5000-5999,0-999", "5000+1000 0+1000")]
    // Unsatisfiable members fall away while one is satisfiable.
    [InlineData("bytes=10000-, 0-1", "0+2")]
    [InlineData("bytes=-0, 0-1", "0+2")]
    // Neighbours that overlap, touch, or leave a small gap become one.
    [InlineData("bytes=500-600,601-999", "500+500")]
    [InlineData("bytes=500-700,601-999", "500+500")]
    [InlineData("bytes=0-9,50-59", "0+60")]
    [InlineData("bytes=0-9,90-99", "0+10 90+10")]
    [InlineData("bytes=0-100,50-60", "0+101")]
    public void Reads_ranges(string value, string expected)
    {
        Assert.Equal(RangeOutcome.Partial, Parse(value, 10000, out var ranges));
        Assert.Equal(expected, string.Join(' ', ranges.Select(r => $"{r.First}+{r.Length}")));
    }

    [Theory]
    [InlineData("bytes=10000-", RangeOutcome.NotSatisfiable)]
    [InlineData("bytes=99999999999999999999-", RangeOutcome.NotSatisfiable)]
    [InlineData("bytes=-0", RangeOutcome.NotSatisfiable)]
    [InlineData("bytes=5-4", RangeOutcome.Whole)]
    [InlineData("bytes=", RangeOutcome.Whole)]
    [InlineData("bytes", RangeOutcome.Whole)]
    [InlineData("bytes=a-b", RangeOutcome.Whole)]
    [InlineData("bytes=-", RangeOutcome.Whole)]
    [InlineData("bytes=1", RangeOutcome.Whole)]
    [InlineData("bytes=0-1,x", RangeOutcome.Whole)]
    [InlineData("bytes=--1", RangeOutcome.Whole)]
    [InlineData("bytes=+1-2", RangeOutcome.Whole)]
    [InlineData("bytes=0 -1", RangeOutcome.Whole)]
    [InlineData("items=0-1", RangeOutcome.Whole)]
    // Overlapping out of order.
    [InlineData("bytes=500-999,0-600", RangeOutcome.Whole)]
    public void Refuses_or_ignores(string value, RangeOutcome expected)
    {
        Assert.Equal(expected, Parse(value, 10000, out var ranges));
        Assert.Empty(ranges);
    }

    [Theory]
    [InlineData("bytes=0-0", RangeOutcome.NotSatisfiable)]
    [InlineData("bytes=-5", RangeOutcome.Whole)]
    [InlineData("bytes=-0", RangeOutcome.NotSatisfiable)]
    public void An_empty_representation_has_no_parts(string value, RangeOutcome expected) => Assert.Equal(expected, Parse(value, 0, out _));

    [Fact]
    public void A_range_attack_gets_the_whole()
    {
        // The Apache killer of 2011.
        var killer = "bytes=0-" + string.Concat(Enumerable.Range(1, 1300).Select(i => $",5-{i}"));
        Assert.Equal(RangeOutcome.Whole, Parse(killer, 10000, out _));
        var scattered = "bytes=" + string.Join(',', Enumerable.Range(0, 17).Select(i => $"{i * 100}-{i * 100}"));
        Assert.Equal(RangeOutcome.Whole, Parse(scattered, 10000, out _));
    }

    [Fact]
    public void Only_a_GET_with_one_field_and_no_failed_condition_has_ranges()
    {
        Assert.Equal(RangeOutcome.Partial, Select("GET", ConditionalOutcome.Proceed, ("Range", "bytes=0-1")));
        Assert.Equal(RangeOutcome.Whole, Select("GET", ConditionalOutcome.IgnoreRange, ("Range", "bytes=0-1")));
        Assert.Equal(RangeOutcome.Whole, Select("HEAD", ConditionalOutcome.Proceed, ("Range", "bytes=0-1")));
        Assert.Equal(RangeOutcome.Whole, Select("GET", ConditionalOutcome.Proceed, ("Range", "bytes=0-1"), ("Range", "bytes=2-3")));
        Assert.Equal(RangeOutcome.Whole, Select("GET", ConditionalOutcome.Proceed));
    }

    [Fact]
    public void Ranges_lie_inside_and_apart_whatever_is_sent() =>
        Gen.Select(Gen.OneOf("0123456789-,, x".ToCharArray()).Array[0, 40], Gen.Long[0, 2000]).Sample((text, length) =>
        {
            var outcome = Parse("bytes=" + new string(text), length, out var ranges);
            Assert.Equal(outcome == RangeOutcome.Partial, ranges.Length > 0);
            foreach (var range in ranges)
                Assert.True(range.First >= 0 && range.Length > 0 && range.Last < length);
            foreach (var (a, b) in ranges.SelectMany((a, i) => ranges.Skip(i + 1).Select(b => (a, b))))
                Assert.True(a.Last < b.First || b.Last < a.First);
        });

    [Fact]
    public void Never_throws_on_random_bytes() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        RangeField.Parse(bytes, 100, stackalloc ByteRange[4], out _);
    });

    private static RangeOutcome Parse(string value, long length, out ByteRange[] ranges)
    {
        Span<ByteRange> room = stackalloc ByteRange[RangeField.DefaultLimit];
        var outcome = RangeField.Parse(Encoding.ASCII.GetBytes(value), length, room, out var count);
        ranges = room[..count].ToArray();
        return outcome;
    }

    private static RangeOutcome Select(string method, ConditionalOutcome outcome, params (string, string)[] headers) =>
        RangeField.Select(new FakeExchange(method, "/", headers).Request, outcome, 100, stackalloc ByteRange[4], out _);
}
