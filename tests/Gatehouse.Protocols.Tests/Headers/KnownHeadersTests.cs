using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Tests.Headers;

public sealed class KnownHeadersTests
{
    public static TheoryData<KnownHeader> All => [.. Enum.GetValues<KnownHeader>().Where(header => header != KnownHeader.None)];

    [Theory]
    [MemberData(nameof(All))]
    public void Each_is_found_in_any_case_and_nothing_near_it(KnownHeader header)
    {
        var name = KnownHeaders.Name(header).ToArray();

        Assert.Equal(header, KnownHeaders.Find(name));
        Assert.Equal(header, KnownHeaders.Find(Upper(name)));
        Assert.Equal(header, KnownHeaders.Find(Lower(name)));
        Assert.Equal(KnownHeader.None, KnownHeaders.Find([.. name, 0]));
        Assert.Equal(KnownHeader.None, KnownHeaders.Find([.. name, (byte)'x']));
        for (var i = 0; i < name.Length; i++)
        {
            for (var bit = 1; bit < 256; bit <<= 1)
            {
                var other = name.ToArray();
                other[i] ^= (byte)bit;
                var sameName = Encoding.Latin1.GetString(other).Equals(Encoding.Latin1.GetString(name), StringComparison.OrdinalIgnoreCase);
                Assert.Equal(sameName ? header : Same(other), KnownHeaders.Find(other));
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_bytes_around_a_name_do_not_matter(KnownHeader header)
    {
        var name = KnownHeaders.Name(header);
        for (var behind = 0; behind < 20; behind++)
        {
            byte[] buffer = [.. "xx"u8, .. name, .. Enumerable.Repeat((byte)'y', behind)];
            Assert.Equal(header, KnownHeaders.Find(buffer, 2, name.Length));
        }
    }

    [Fact]
    public void Anything_else_is_none()
    {
        Assert.Equal(KnownHeader.None, KnownHeaders.Find(""u8));
        Assert.Equal(KnownHeader.None, KnownHeaders.Find("X-Unknown"u8));
        Assert.Equal(KnownHeader.None, KnownHeaders.Find(new byte[1000]));
        Assert.True(KnownHeaders.Name(KnownHeader.None).IsEmpty);
    }

    private static byte[] Upper(byte[] name) => Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(name).ToUpperInvariant());

    private static byte[] Lower(byte[] name) => Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(name).ToLowerInvariant());

    private static KnownHeader Same(byte[] name) =>
        Enum.GetValues<KnownHeader>().FirstOrDefault(header => Ascii.EqualsIgnoreCase(KnownHeaders.Name(header), name) && name.Length > 0);
}
