using System.Text;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Http.Tests.Exchanges;

/// <summary>The fields of a message that is being made: in order, replaced and removed, and never able to split the message.</summary>
public sealed class HeaderListTests
{
    [Fact]
    public void Fields_keep_their_order_and_spelling()
    {
        var list = new HeaderList();
        list.Add(KnownHeader.ContentType, "text/plain"u8);
        list.Add("x-Odd"u8, "1"u8);
        list.Add(KnownHeader.Age, 42);
        list.Add("content-TYPE"u8, "text/html"u8);
        Assert.Equal(["Content-Type=text/plain", "x-Odd=1", "Age=42", "content-TYPE=text/html"], Show(list));
        Assert.Equal(KnownHeader.ContentType, list[3].Known);
        Assert.Equal(KnownHeader.None, list[1].Known);
    }

    [Fact]
    public void Names_are_found_in_any_case()
    {
        var list = new HeaderList();
        list.Add("X-One"u8, "1"u8);
        list.Add("x-one"u8, "2"u8);
        list.Add("Set-Cookie"u8, "a=b"u8);
        Assert.True(list.TryGet("X-ONE"u8, out var value));
        Assert.Equal("1", Encoding.ASCII.GetString(value));
        Assert.True(list.TryGet(KnownHeader.SetCookie, out value));
        Assert.Equal("a=b", Encoding.ASCII.GetString(value));
        Assert.False(list.TryGet("X-Two"u8, out _));
        Assert.False(list.Contains(KnownHeader.Age));
    }

    [Fact]
    public void Set_replaces_every_field_of_the_name()
    {
        var list = new HeaderList();
        list.Add("A"u8, "1"u8);
        list.Add("B"u8, "2"u8);
        list.Add("a"u8, "3"u8);
        list.Add(KnownHeader.Age, 1);
        list.Add("age"u8, "2"u8);
        list.Set("A"u8, "4"u8);
        list.Set(KnownHeader.Age, "5"u8);
        Assert.Equal(["B=2", "A=4", "Age=5"], Show(list));
        Assert.True(list.Remove("b"u8));
        Assert.False(list.Remove("b"u8));
        Assert.Equal(["A=4", "Age=5"], Show(list));
    }

    [Fact]
    public void It_grows_and_is_used_again()
    {
        var list = new HeaderList();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 100; i++)
                list.Add(Encoding.ASCII.GetBytes($"X-{i}"), Encoding.ASCII.GetBytes(new string((char)('a' + (i % 26)), i)));
            Assert.Equal(100, list.Count);
            for (var i = 0; i < 100; i++)
                Assert.Equal(i, list[i].Value.Length);
            list.Clear();
            Assert.Equal(0, list.Count);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => list[0].Known);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[-1].Known);
    }

    [Theory]
    [InlineData("a\r\nX: b")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    public void Values_cannot_split_a_message(string value)
    {
        var list = new HeaderList();
        var bytes = Encoding.ASCII.GetBytes(value);
        Assert.Throws<ArgumentException>(() => list.Add(KnownHeader.Location, bytes));
        Assert.Throws<ArgumentException>(() => list.Add("X"u8, bytes));
        Assert.Throws<ArgumentException>(() => list.Set(KnownHeader.Location, bytes));
        Assert.Throws<ArgumentException>(() => list.Set("X"u8, bytes));
        Assert.Equal(0, list.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a:")]
    [InlineData("a\r\n")]
    [InlineData("ä")]
    public void Names_are_tokens(string name)
    {
        var list = new HeaderList();
        Assert.Throws<ArgumentException>(() => list.Add(Encoding.Latin1.GetBytes(name), "x"u8));
    }

    private static List<string> Show(HeaderList list)
    {
        var text = new List<string>();
        for (var i = 0; i < list.Count; i++)
            text.Add($"{Encoding.ASCII.GetString(list[i].Name)}={Encoding.ASCII.GetString(list[i].Value)}");
        return text;
    }
}
