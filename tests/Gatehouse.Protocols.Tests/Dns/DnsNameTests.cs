using CsCheck;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Protocols.Tests.Dns;

public sealed class DnsNameTests
{
    /// <summary>Labels of any bytes, together no longer than a name may be.</summary>
    internal static readonly Gen<DnsName> Names = Gen.Byte.Array[1, 20].Array[0, 10].Select(static labels =>
    {
        var name = DnsName.Root;
        foreach (var label in labels)
            name = name.Prepend(label);
        return name;
    });

    [Theory]
    [InlineData("www.example.com", "www.example.com.", 17)]
    [InlineData("www.example.com.", "www.example.com.", 17)]
    [InlineData(".", ".", 1)]
    [InlineData("", ".", 1)]
    [InlineData(@"a\.b.c", @"a\.b.c.", 7)]
    [InlineData(@"\065\000\255.x", @"A\000\255.x.", 7)]
    [InlineData(@"\@.x", @"\@.x.", 5)]
    [InlineData("bücher.example", "xn--bcher-kva.example.", 23)]
    [InlineData("BÜCHER。example", "xn--bcher-kva.example.", 23)]
    public void Text_is_read_and_written(string text, string written, int length)
    {
        var name = DnsName.Parse(text);
        Assert.Equal(written, name.ToString());
        Assert.Equal(length, name.Wire.Length);
    }

    [Theory]
    [InlineData("a..b", "empty label")]
    [InlineData(".a", "empty label")]
    [InlineData(@"a\25", "backslash")]
    [InlineData(@"a\256", "backslash")]
    [InlineData(@"a\", "backslash")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234", "63 bytes")]
    public void Text_that_is_no_name_is_refused(string text, string reason)
    {
        Assert.False(DnsName.TryParse(text, out _, out var fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Longest_name_has_255_bytes()
    {
        var text = string.Join('.', Enumerable.Repeat(new string('a', 63), 3)) + "." + new string('b', 61);
        Assert.Equal(255, DnsName.Parse(text).Wire.Length);
        Assert.False(DnsName.TryParse(text + "b", out _, out var fault));
        Assert.Contains("255", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_labels_are_shown_as_the_characters_that_they_stand_for()
    {
        Assert.Equal("bücher.example", DnsName.Parse("xn--bcher-kva.example").ToUnicode());
        Assert.Equal("xn--0.example", DnsName.Parse("xn--0.example").ToUnicode());
    }

    [Fact]
    public void Canonical_order_is_that_of_rfc_4034_section_6_1()
    {
        string[] sorted = ["example.", "a.example.", "yljkjljk.a.example.", "Z.a.example.", "zABC.a.EXAMPLE.", "z.example.", @"\001.z.example.", "*.z.example.", @"\200.z.example."];
        var names = sorted.Select(static text => DnsName.Parse(text)).ToList();
        Assert.Equal(sorted, names.OrderByDescending(static name => name.ToString(), StringComparer.Ordinal).OrderBy(static name => name).Select(static name => name.ToString()));
    }

    [Fact]
    public void Names_are_compared_without_case()
    {
        var (left, right) = (DnsName.Parse("WwW.ExAmPlE.cOm"), DnsName.Parse("www.example.com"));
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.NotEqual(left, DnsName.Parse("wwx.example.com"));
        Assert.NotEqual(DnsName.Parse("a{b"), DnsName.Parse("a[b"));
        Assert.NotEqual(DnsName.Parse(@"\192abcdefgh"), DnsName.Parse(@"\224abcdefgh"));
        Assert.True(DnsName.Parse("a.B.c").IsAtOrBelow(DnsName.Parse("b.C")));
        Assert.False(DnsName.Parse("ab.c").IsAtOrBelow(DnsName.Parse("b.c")));
        Assert.True(left.IsAtOrBelow(DnsName.Root));
    }

    [Fact]
    public void Text_of_any_name_is_read_as_that_name() => Names.Sample(static name => DnsName.Parse(name.ToString()).Wire.SequenceEqual(name.Wire));

    [Fact]
    public void Order_and_equality_agree() =>
        Gen.Select(Names, Names).Sample(static (left, right) => left.CompareTo(right) == 0 == (left == right) && Math.Sign(left.CompareTo(right)) == -Math.Sign(right.CompareTo(left)));

    [Fact]
    public void Small_letters_are_the_same_name_by_bytes() => Names.Sample(static name =>
    {
        var lower = name.ToLower();
        for (var i = 0; i < name.Wire.Length; i++)
            Assert.Equal(name.Wire[i] is >= (byte)'A' and <= (byte)'Z' ? name.Wire[i] + 32 : name.Wire[i], lower.Wire[i]);
        Assert.Equal(name, lower);
    });
}
