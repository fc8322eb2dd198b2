using System.Text;
using CsCheck;
using Gatehouse.Http.StructuredFields;

namespace Gatehouse.Http.Tests.StructuredFields;

public class StructuredFieldTests
{
    private static readonly Gen<string> GenKey =
        Gen.Select(Gen.Char["abcxyz*"], Gen.Char["abcxyz019_-.*"].Array[0, 5]).Select((first, rest) => first + new string(rest));

    private static readonly Gen<BareItem> GenBareItem = Gen.OneOf(
        Gen.Long[-999_999_999_999_999, 999_999_999_999_999].Select(BareItem.FromInteger),
        Gen.Long[-999_999_999_999_999, 999_999_999_999_999].Select(value => BareItem.FromDecimal(value / 1000m)),
        Gen.Char[' ', '~'].Array[0, 8].Select(characters => BareItem.FromString(new string(characters))),
        Gen.Select(Gen.Char["aZ*"], Gen.Char["aZ09!#$%&'*+-.^_`|~:/"].Array[0, 5]).Select((first, rest) => BareItem.FromToken(first + new string(rest))),
        Gen.Byte.Array[0, 10].Select(bytes => BareItem.FromByteSequence(bytes)),
        Gen.Bool.Select(BareItem.FromBoolean),
        Gen.Long[-999_999_999_999_999, 999_999_999_999_999].Select(BareItem.FromDate),
        Gen.Char.Where(character => !char.IsSurrogate(character)).Array[0, 8].Select(characters => BareItem.FromDisplayString(new string(characters))));

    private static readonly Gen<Item> GenItem = Gen.Select(GenBareItem, Gen.Select(GenKey, GenBareItem).Array[0, 3]).Select((value, parameters) =>
        WithParameters(new Item(value), parameters));

    private static readonly Gen<ItemOrInnerList> GenMember = Gen.OneOf(
        GenItem.Select(item => (ItemOrInnerList)item),
        Gen.Select(GenItem.Array[0, 4], Gen.Select(GenKey, GenBareItem).Array[0, 2]).Select((items, parameters) =>
            (ItemOrInnerList)WithParameters(new InnerList(items), parameters)));

    [Fact]
    public void An_item_has_a_value_and_parameters()
    {
        Assert.True(StructuredField.TryParseItem("  text/html;q=0.5; charset=\"a\\\"b\";x  "u8, out var item, out _));
        Assert.Equal("text/html", item.Value.Token);
        Assert.Equal(["q", "charset", "x"], item.Parameters.Keys);
        Assert.Equal(0.5m, item.Parameters["q"].Decimal);
        Assert.Equal("a\"b", item.Parameters["charset"].String);
        Assert.True(item.Parameters["x"].Boolean);
        Assert.Equal("text/html;q=0.5;charset=\"a\\\"b\";x", StructuredField.Serialize(item));
    }

    [Fact]
    public void A_dictionary_has_items_and_inner_lists()
    {
        Assert.True(StructuredField.TryParseDictionary("u=3, i, l=(1 \"b\";p=?0);q=@1659578233,\tx=:AQI=:, u=7;d=%\"f%c3%bc\""u8, out var dictionary, out _));
        Assert.Equal(["u", "i", "l", "x"], dictionary.Keys);
        Assert.Equal(7, ((Item)dictionary["u"]).Value.Integer);
        Assert.Equal("fü", dictionary["u"].Parameters["d"].DisplayString);
        Assert.True(((Item)dictionary["i"]).Value.Boolean);
        var list = (InnerList)dictionary["l"];
        Assert.Equal(2, list.Items.Count);
        Assert.False(list.Items[1].Parameters["p"].Boolean);
        Assert.Equal(1659578233, list.Parameters["q"].Date);
        Assert.Equal([1, 2], ((Item)dictionary["x"]).Value.ByteSequence.ToArray());
    }

    [Theory]
    [InlineData("", "an item was expected, the field ended at byte 0")]
    [InlineData("1 2", "the end of the field was expected, '2' was found at byte 2")]
    [InlineData("1;A", "a key that begins with a-z or '*' was expected, 'A' was found at byte 2")]
    [InlineData("\u0001", "an item was expected, byte 0x01 was found at byte 0")]
    [InlineData("-", "a digit was expected")]
    [InlineData("1234567890123456", "15 digits")]
    [InlineData("1234567890123.0", "12 digits")]
    [InlineData("1.", "one to three digits")]
    [InlineData("1.0000", "one to three digits")]
    [InlineData("\"a", "a quote at the end")]
    [InlineData("\"a\\n\"", "a quote or backslash")]
    [InlineData("\"é\"", "printable ASCII")]
    [InlineData(":AQI", "ends in ':'")]
    [InlineData(":A:", "base64")]
    [InlineData(":AQ=I:", "base64")]
    [InlineData(":AQI==:", "base64")]
    [InlineData(":AQ=:", "base64")]
    [InlineData(":_-8=:", "base64")]
    [InlineData("?2", "0 or 1")]
    [InlineData("@1.5", "whole seconds")]
    [InlineData("%\"%C3%BC\"", "lower case")]
    [InlineData("%\"%c3\"", "UTF-8")]
    [InlineData("%\"%e\"", "two hexadecimal digits")]
    [InlineData("%\"a", "end of the display string")]
    [InlineData("(1 2)", "an item")] // an inner list is no item
    public void Says_why_an_item_is_none(string value, string expected)
    {
        Assert.False(StructuredField.TryParseItem(Encoding.UTF8.GetBytes(value), out var item, out var error));
        Assert.Null(item);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,", "another member")]
    [InlineData(",1", "an item")]
    [InlineData("1 2", "a comma")]
    [InlineData("(1", "a space or ')'")]
    [InlineData("(1,2)", "a space or ')'")]
    [InlineData("(1\t2)", "a space or ')'")]
    [InlineData("((1))", "an item")]
    [InlineData("1;", "a key")]
    [InlineData("1;a=", "an item")]
    public void Says_why_a_list_is_none(string value, string expected)
    {
        Assert.False(StructuredField.TryParseList(Encoding.UTF8.GetBytes(value), out var list, out var error));
        Assert.Null(list);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a=1,", "another member")]
    [InlineData("A=1", "a key")]
    [InlineData("a =1", "a comma")]
    [InlineData("a= 1", "an item")]
    [InlineData("a=1 b=2", "a comma")]
    public void Says_why_a_dictionary_is_none(string value, string expected)
    {
        Assert.False(StructuredField.TryParseDictionary(Encoding.UTF8.GetBytes(value), out var dictionary, out var error));
        Assert.Null(dictionary);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    // Section 4.2.7: a parser should not fail on these, unless its base64 decoder must.
    [Theory]
    [InlineData(":AQI:", new byte[] { 1, 2 })]
    [InlineData(":AQ:", new byte[] { 1 })]
    [InlineData(":AR==:", new byte[] { 1 })]
    [InlineData("::", new byte[0])]
    public void Byte_sequences_are_read_leniently(string value, byte[] expected)
    {
        Assert.True(StructuredField.TryParseItem(Encoding.ASCII.GetBytes(value), out var item, out _));
        Assert.Equal(expected, item.Value.ByteSequence.ToArray());
    }

    [Fact]
    public void What_cannot_be_serialised_cannot_be_made()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BareItem.FromInteger(1_000_000_000_000_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => BareItem.FromDate(-1_000_000_000_000_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => BareItem.FromDecimal(999_999_999_999.9995m));
        Assert.Throws<ArgumentException>(() => BareItem.FromString("é"));
        Assert.Throws<ArgumentException>(() => BareItem.FromString("a\r\nb"));
        Assert.Throws<ArgumentException>(() => BareItem.FromToken(""));
        Assert.Throws<ArgumentException>(() => BareItem.FromToken("1a"));
        Assert.ThrowsAny<ArgumentException>(() => BareItem.FromDisplayString("\ud800"));
        var item = WithParameters(new Item(BareItem.FromInteger(1)), [("A", BareItem.FromBoolean(true))]);
        Assert.Throws<ArgumentException>(() => StructuredField.Serialize(item));
        Assert.Throws<ArgumentException>(() => StructuredField.Serialize(new OrderedDictionary<string, ItemOrInnerList> { [""] = new Item(default) }));
    }

    [Theory]
    [InlineData("0.0015", "0.002")]
    [InlineData("0.0025", "0.002")]
    [InlineData("-1.9995", "-2.0")]
    [InlineData("1", "1.0")]
    [InlineData("1.500", "1.5")]
    [InlineData("999999999999.999", "999999999999.999")]
    public void Decimals_are_rounded_to_the_even_digit(string value, string expected) =>
        Assert.Equal(expected, BareItem.FromDecimal(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture)).ToString());

    [Fact]
    public void An_accessor_of_another_type_says_so()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => BareItem.FromInteger(1).Token);
        Assert.Contains("Integer", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Items_round_trip() => GenItem.Sample(item =>
    {
        Assert.True(StructuredField.TryParseItem(Bytes(StructuredField.Serialize(item)), out var parsed, out var error), error);
        return parsed.Value == item.Value && parsed.Parameters.SequenceEqual(item.Parameters);
    });

    [Fact]
    public void Lists_round_trip() => GenMember.Array[0, 5].Sample(members =>
    {
        var text = StructuredField.Serialize(members);
        Assert.True(StructuredField.TryParseList(Bytes(text), out var parsed, out var error), error);
        return parsed.Count == members.Length && StructuredField.Serialize(parsed) == text;
    });

    [Fact]
    public void Dictionaries_round_trip() => Gen.Select(GenKey, GenMember).Array[0, 5].Sample(members =>
    {
        var dictionary = new OrderedDictionary<string, ItemOrInnerList>();
        foreach (var (key, member) in members)
            dictionary[key] = member;
        var text = StructuredField.Serialize(dictionary);
        Assert.True(StructuredField.TryParseDictionary(Bytes(text), out var parsed, out var error), error);
        return parsed.Keys.SequenceEqual(dictionary.Keys) && StructuredField.Serialize(parsed) == text;
    });

    [Fact]
    public void Anything_never_throws_and_what_parses_serialises_to_a_fixed_point() =>
        Gen.OneOf(Gen.OneOf("();,=?10@%\":-._aB* \t\\c3"u8.ToArray()), Gen.Byte).Array[0, 40].Sample(bytes =>
        {
            if (StructuredField.TryParseItem(bytes, out var item, out var error))
                Assert.True(StructuredField.TryParseItem(Bytes(StructuredField.Serialize(item)), out _, out _));
            else
                Assert.NotEmpty(error);
            if (StructuredField.TryParseList(bytes, out var list, out _))
                Assert.True(StructuredField.TryParseList(Bytes(StructuredField.Serialize(list)), out var again, out _) && again.Count == list.Count);
            if (StructuredField.TryParseDictionary(bytes, out var dictionary, out _))
            {
                var text = StructuredField.Serialize(dictionary);
                Assert.True(StructuredField.TryParseDictionary(Bytes(text), out var again, out _) && again.Count == dictionary.Count);
            }
        });

    private static T WithParameters<T>(T member, (string Key, BareItem Value)[] parameters) where T : ItemOrInnerList
    {
        foreach (var (key, value) in parameters)
            member.Parameters[key] = value;
        return member;
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
