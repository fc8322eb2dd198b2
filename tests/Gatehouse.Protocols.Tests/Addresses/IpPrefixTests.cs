using CsCheck;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Protocols.Tests.Addresses;

public sealed class IpPrefixTests
{
    // Addresses of a few bits at either end of the space, so that prefixes nest and collide.
    private static readonly Gen<IpAddress> Near = Gen.OneOf(
        Gen.UInt[0, 63].Select(bits => IpAddress.FromV4(bits)),
        Gen.UInt[0, 63].Select(bits => IpAddress.FromV4(uint.MaxValue - bits)),
        Gen.ULong[0, 63].Select(bits => IpAddress.FromV6(0x2001_0db8_0000_0000, bits)),
        Gen.ULong[0, 63].Select(bits => IpAddress.FromV6(ulong.MaxValue, ulong.MaxValue - bits)),
        Gen.UInt[0, 63].Select(bits => IpAddress.FromV6(0, 0xFFFF_0000_0000UL | bits)));

    private static readonly Gen<IpPrefix> Prefixes = Gen.Select(Near, Gen.Frequency((4, Gen.Int[0, 8]), (1, Gen.Int[0, 128])))
        .Select((address, hostBits) => Of(address, Math.Max(0, address.BitLength - hostBits)));

    [Theory]
    [InlineData("192.147.0.0/24", "192.147.0.0/24")]
    [InlineData("2001:db8:1234::/48", "2001:db8:1234::/48")]
    [InlineData("10.0.0.1", "10.0.0.1/32")]
    [InlineData("::1", "::1/128")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("::/0", "::/0")]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    public void Reads_and_writes(string text, string canonical) => Assert.Equal(canonical, IpPrefix.Parse(text).ToString());

    [Theory]
    [InlineData("10.1.2.3/8", "'10.1.2.3/8' has bits set behind its first 8; the prefix is 10.0.0.0/8")]
    [InlineData("2001:db8::1/48", "'2001:db8::1/48' has bits set behind its first 48; the prefix is 2001:db8::/48")]
    [InlineData("10.0.0.0/33", "'10.0.0.0/33' has the prefix length '33'; expected 0 to 32")]
    [InlineData("::/129", "'::/129' has the prefix length '129'; expected 0 to 128")]
    [InlineData("10.0.0.0/08", "'10.0.0.0/08' has the prefix length '08'; expected 0 to 32")]
    [InlineData("10.0.0.0/", "'10.0.0.0/' has the prefix length ''; expected 0 to 32")]
    [InlineData("10.0.0.0/255.0.0.0", "'10.0.0.0/255.0.0.0' has the prefix length '255.0.0.0'; expected 0 to 32")]
    [InlineData("10/8", "'10/8' is not an address prefix; expected one like 192.147.0.0/24 or 2001:db8:1234::/48")]
    public void Says_what_is_wrong(string text, string expected)
    {
        Assert.False(IpPrefix.TryParse(text, out _, out var fault));
        Assert.Equal(expected, fault);
        Assert.Equal(expected, Assert.Throws<FormatException>(() => IpPrefix.Parse(text)).Message);
    }

    [Fact]
    public void Prefixes_survive_their_text() => Prefixes.Sample(prefix => IpPrefix.Parse(prefix.ToString()) == prefix);

    [Fact]
    public void A_default_prefix_holds_nothing_and_cannot_be_made()
    {
        Assert.False(default(IpPrefix).Contains(default));
        Assert.False(default(IpPrefix).Contains(IpAddress.Parse("0.0.0.0")));
        Assert.Throws<ArgumentException>(() => new IpPrefix(default, 0));
        Assert.Throws<ArgumentException>(() => new IpPrefix(IpAddress.Parse("10.0.0.1"), 8));
        Assert.Throws<ArgumentException>(() => new IpPrefixSet<int>([new(default, 1)]));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", true)]
    [InlineData("10.0.0.0/8", "11.0.0.0", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "1.2.3.4", false)]
    [InlineData("::/0", "::ffff:1.2.3.4", false)]
    [InlineData("::/0", "ffff::", true)]
    public void Contains_its_addresses(string prefix, string address, bool expected)
    {
        Assert.Equal(expected, IpPrefix.Parse(prefix).Contains(IpAddress.Parse(address)));
        Assert.Equal(expected, new IpPrefixSet<int>([new(IpPrefix.Parse(prefix), 1)]).Contains(IpAddress.Parse(address)));
    }

    [Fact]
    public void A_set_finds_the_longest_prefix_as_a_plain_search_does()
        => Gen.Select(Prefixes.Array[0, 40], Near.Array[50]).Sample((prefixes, addresses) =>
        {
            var set = new IpPrefixSet<int>(prefixes.Select((prefix, index) => KeyValuePair.Create(prefix, index)));
            foreach (var address in addresses)
            {
                var best = -1;
                for (var i = 0; i < prefixes.Length; i++)
                {
                    if (prefixes[i].Contains(address) && (best < 0 || prefixes[i].Length >= prefixes[best].Length))
                        best = i;
                }
                Assert.Equal(best >= 0, set.TryGetValue(address, out var found));
                Assert.Equal(Math.Max(best, 0), found);
            }
        });

    [Fact]
    public void Lookups_do_not_allocate()
    {
        var set = new IpPrefixSet<string>(Enumerable.Range(0, 10_000).Select(i => KeyValuePair.Create(new IpPrefix(IpAddress.FromV4((uint)i << 12), 20), "v")));
        var address = IpAddress.FromV4(5_000 << 12 | 7);
        Assert.True(set.Contains(address));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            set.TryGetValue(address, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static IpPrefix Of(IpAddress address, int length) => new(address.Masked(length), length);
}
