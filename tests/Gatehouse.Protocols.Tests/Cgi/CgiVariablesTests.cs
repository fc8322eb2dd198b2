using CsCheck;
using Gatehouse.Protocols.Cgi;

namespace Gatehouse.Protocols.Tests.Cgi;

public sealed class CgiVariablesTests
{
    [Fact]
    public void Fields_become_variables_in_their_order()
    {
        var table = new CgiVariables();
        table.AddFields(Variables.Fields(("Host", "a"), ("content-TYPE", "text/plain"), ("X-One2", ""), ("Accept", "*/*")), withAuthorization: true);
        Assert.Equal([("HTTP_HOST", "a"), ("CONTENT_TYPE", "text/plain"), ("HTTP_X_ONE2", ""), ("HTTP_ACCEPT", "*/*")], Variables.List(table));
    }

    [Theory]
    [InlineData("Proxy")]
    [InlineData("pROXY")]
    [InlineData("X_Forwarded-For")]
    [InlineData("X-Forwarded_For")]
    [InlineData("X.Y")]
    [InlineData("X~")]
    [InlineData("Content-Length")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Proxy-Authorization")]
    public void Some_fields_are_left_out(string name)
    {
        var table = new CgiVariables();
        table.AddFields(Variables.Fields(("A", "1"), (name, "x"), ("B", "2")), withAuthorization: true);
        Assert.Equal([("HTTP_A", "1"), ("HTTP_B", "2")], Variables.List(table));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void Credentials_that_the_server_checked_go_no_further(bool with, int count)
    {
        var table = new CgiVariables();
        table.AddFields(Variables.Fields(("Authorization", "Basic eA==")), with);
        Assert.Equal(count, table.Count);
    }

    [Fact]
    public void Fields_of_one_name_are_joined_also_when_others_stand_between()
    {
        var table = new CgiVariables();
        table.Add("HTTP_A"u8, "the server's own"u8);
        table.AddFields(Variables.Fields(("A", "1"), ("a", "2"), ("Cookie", "c=1"), ("B", "x"), ("A", "3"), ("Cookie", "d=2"), ("Cookie", "e=3")), withAuthorization: true);
        Assert.Equal(
            [("HTTP_A", "the server's own"), ("HTTP_A", "1, 2, 3"), ("HTTP_COOKIE", "c=1; d=2; e=3"), ("HTTP_B", "x")], Variables.List(table));
    }

    [Fact]
    public void A_variable_is_replaced_in_its_place()
    {
        var table = Variables.Of(("A", "1"), ("B", "22"));
        table.Set("A"u8, "333"u8);
        table.Set("C"u8, ""u8);
        table.Begin("D"u8);
        table.Append("x"u8);
        table.Append(42);
        Assert.Equal([("A", "333"), ("B", "22"), ("C", ""), ("D", "x42")], Variables.List(table));
        Assert.True(table.TryGet("B"u8, out var value));
        Assert.Equal("22", Variables.Text(value));
        Assert.False(table.TryGet("E"u8, out _));
        table.Clear();
        Assert.Empty(Variables.List(table));
    }

    // The other way to the same: group by name, join.
    [Fact]
    public void Any_fields_come_to_one_variable_for_each_name()
    {
        string[] names = ["a", "A", "Accept", "accept", "x-b", "X-B", "Cookie", "cookie", "Set-Cookie", "Content-Type", "q", "_", "Proxy"];
        Gen.Select(Gen.Int[0, names.Length - 1].Select(i => names[i]), Gen.String[Gen.Char['!', '~'], 0, 8]).Array[0, 30].Sample(fields =>
        {
            var table = new CgiVariables();
            table.AddFields(Variables.Fields(fields), withAuthorization: true);
            var expected = fields.Where(field => field.Item1 is not ("_" or "Proxy")).GroupBy(field => field.Item1.ToUpperInvariant()).Select(group =>
            {
                var name = group.Key.Replace('-', '_');
                return (name == "CONTENT_TYPE" ? name : "HTTP_" + name, string.Join(group.Key == "COOKIE" ? "; " : ", ", group.Select(field => field.Item2)));
            });
            Assert.Equal(expected, Variables.List(table));
        }, iter: 2000);
    }
}
