using System.Text;
using CsCheck;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Protocols.Tests.Headers;

public sealed class HeaderListReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(" , ,, \t", "")]
    [InlineData("a", "a")]
    [InlineData("a,b", "a|b")]
    [InlineData(" a , ,\tb c ,", "a|b c")]
    [InlineData("\"a,b\", c", "\"a,b\"|c")]
    [InlineData("a=\"x\\\",y\";q=1, b", "a=\"x\\\",y\";q=1|b")]
    [InlineData("\"open, a", "\"open, a")]
    [InlineData("\"open\\", "\"open\\")]
    public void Members_come_one_by_one(string value, string expected)
    {
        List<string> members = [];
        foreach (var member in new HeaderListReader(Wire(value)))
            members.Add(Encoding.Latin1.GetString(member));

        Assert.Equal(expected, string.Join('|', members));
    }

    [Theory]
    [InlineData("close", true)]
    [InlineData("a, CLOSE ,b", true)]
    [InlineData("closed", false)]
    [InlineData("\"close\"", false)]
    [InlineData("", false)]
    public void Contains_looks_for_a_whole_member(string value, bool expected) => Assert.Equal(expected, HeaderListReader.Contains(Wire(value), "close"u8));

    [Theory]
    [InlineData("text/html", "text/html", "")]
    [InlineData(" text/html ; charset=utf-8 ;Q=0.5", "text/html", "charset=utf-8|Q=0.5")]
    [InlineData("a;;b=\"c;d\\\"\";e;", "a", "b=\"c;d\\\"\"|e=!")]
    [InlineData("a; b =c; =d", "a", "b =c!|=d!")]
    [InlineData(";a=b", "", "a=b")]
    [InlineData("", "", "")]
    public void Parameters_come_one_by_one(string member, string item, string expected)
    {
        var parameters = new HeaderParameters(Wire(member));
        List<string> found = [];
        while (parameters.MoveNext())
            found.Add($"{Encoding.Latin1.GetString(parameters.Name)}={Encoding.Latin1.GetString(parameters.Value)}{(parameters.IsWellFormed ? "" : "!")}");

        Assert.Equal(item, Encoding.Latin1.GetString(parameters.Item));
        Assert.Equal(expected, string.Join('|', found));
    }

    [Fact]
    public void A_plain_value_has_no_quotes()
    {
        var parameters = new HeaderParameters("a;b=\"c d\";e=\"f\\g\";h=i"u8);

        Assert.True(parameters.MoveNext());
        Assert.Equal("c d"u8, parameters.PlainValue);
        Assert.True(parameters.MoveNext());
        Assert.Equal("\"f\\g\""u8, parameters.PlainValue);
        Assert.True(parameters.MoveNext());
        Assert.Equal("i"u8, parameters.PlainValue);
    }

    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("\"\"", "")]
    [InlineData("\"a b\"", "a b")]
    [InlineData("\"a\\\"b\\\\c\"", "a\"b\\c")]
    [InlineData("\"a\\b\"", "ab")]
    [InlineData("", null)]
    [InlineData("a b", null)]
    [InlineData("\"a", null)]
    [InlineData("\"a\\\"", null)]
    [InlineData("\"a\"b", null)]
    [InlineData("\"", null)]
    public void Unquoting_gives_what_is_meant(string text, string? expected)
    {
        var room = new byte[text.Length];

        Assert.Equal(expected is not null, HeaderSyntax.TryUnquote(Wire(text), room, out var written));
        if (expected is null)
            return;
        Assert.Equal(expected, Encoding.Latin1.GetString(room, 0, written));
        if (written > 0)
            Assert.False(HeaderSyntax.TryUnquote(Wire(text), new byte[written - 1], out _));
    }

    [Fact]
    public void What_is_quoted_is_unquoted_again() => Gen.String[Gen.Char[' ', '~'], 0, 40].Sample(text =>
    {
        var quoted = Wire($"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        var room = new byte[quoted.Length];

        return HeaderSyntax.QuotedLength([.. quoted, .. ", more"u8]) == quoted.Length
            && HeaderSyntax.TryUnquote(quoted, room, out var written)
            && Encoding.Latin1.GetString(room, 0, written) == text;
    });

    [Fact]
    public void Any_bytes_are_walked_to_their_end() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        var seen = 0;
        foreach (var member in new HeaderListReader(bytes))
        {
            Assert.False(member.IsEmpty);
            var parameters = new HeaderParameters(member);
            while (parameters.MoveNext())
                seen += parameters.Name.Length + parameters.Value.Length + parameters.PlainValue.Length;
            seen += member.Length;
        }
        Assert.InRange(seen, 0, 3 * bytes.Length);
    });

    [Fact]
    public void All_fields_of_a_name_are_one_list()
    {
        var buffer = "AcceptXa, bcd,,"u8.ToArray();
        var table = new HeaderTable();
        table.Reset(buffer);
        table.Add(KnownHeader.Accept, 0, 6, 7, 4);
        table.Add(KnownHeader.None, 6, 1, 11, 1);
        table.Add(KnownHeader.Accept, 0, 6, 12, 3);
        List<string> members = [];
        foreach (var member in new HeaderValues(table, KnownHeader.Accept))
            members.Add(Encoding.Latin1.GetString(member));

        Assert.Equal(["a", "b", "d"], members);
        Assert.False(new HeaderValues(table, KnownHeader.Vary).MoveNext());
    }

    private static byte[] Wire(string text) => Encoding.Latin1.GetBytes(text);
}
