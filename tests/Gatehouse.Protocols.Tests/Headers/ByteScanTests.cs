using CsCheck;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Tests.Headers;

/// <summary>The vectorised scans against the plain loops that they stand for.</summary>
public sealed class ByteScanTests
{
    private const string TokenBytes = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly Gen<(byte[] Bytes, int At, int Limit)> Inputs =
        from bytes in Gen.OneOf(Gen.Byte, Gen.Byte[(byte)'a', (byte)'z'], Gen.Byte[(byte)'!', (byte)'~']).Array[0, 120]
        from at in Gen.Int[0, bytes.Length]
        from limit in Gen.Int[at, bytes.Length]
        select (bytes, at, limit);

    [Fact]
    public void Every_byte_is_in_its_sets()
    {
        for (var value = 0; value < 256; value++)
        {
            byte[] one = [(byte)value];
            byte[] many = [.. Enumerable.Repeat((byte)value, 64)];
            Assert.Equal(TokenBytes.Contains((char)value, StringComparison.Ordinal), ByteScan.EndOf(ByteScan.Token, one, 0, 1) == 1);
            Assert.Equal(TokenBytes.Contains((char)value, StringComparison.Ordinal), ByteScan.EndOf(ByteScan.Token, many, 0, 64) == 64);
            Assert.Equal(value == '\t' || value is >= 0x20 and not 0x7F, ByteScan.EndOfValue(one, 0, 1) == 1);
            Assert.Equal(value == '\t' || value is >= 0x20 and not 0x7F, ByteScan.EndOfValue(many, 0, 64) == 64);
            Assert.Equal(value is > 0x20 and < 0x7F and not '#', ByteScan.EndOfTarget(one, 0, 1, out _) == 1);
            Assert.Equal(value is > 0x20 and < 0x7F and not '#', ByteScan.EndOfTarget(many, 0, 64, out _) == 64);
        }
    }

    [Fact]
    public void Scans_end_where_loops_do() => Inputs.Sample(input =>
    {
        var (bytes, at, limit) = input;
        var tokenEnd = Loop(bytes, at, limit, value => TokenBytes.Contains((char)value, StringComparison.Ordinal));
        Assert.Equal(tokenEnd, Clip(ByteScan.EndOf(ByteScan.Token, bytes, at, limit), limit));
        Assert.Equal(Loop(bytes, at, limit, value => value is 9 or (>= 0x20 and not 0x7F)), Clip(ByteScan.EndOfValue(bytes, at, limit), limit));
        var end = Clip(ByteScan.EndOfTarget(bytes, at, limit, out var question), limit);
        Assert.Equal(Loop(bytes, at, limit, value => value is > 0x20 and < 0x7F and not (byte)'#'), end);
        var mark = bytes.AsSpan(at, end - at).IndexOf((byte)'?');
        Assert.Equal(mark < 0 ? -1 : at + mark, question < end ? question : -1);
    });

    private static int Clip(int end, int limit) => Math.Min(end, limit);

    private static int Loop(byte[] bytes, int at, int limit, Func<byte, bool> isIn)
    {
        while (at < limit && isIn(bytes[at]))
            at++;
        return at;
    }
}
