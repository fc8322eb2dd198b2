namespace Gatehouse.Architecture.Tests;

/// <summary>The scan behind the rules sees code and nothing else.</summary>
public sealed class SourceFileTests
{
    [Theory]
    [InlineData("var a = 1; // unsafe", false)]
    [InlineData("/* unsafe\n unsafe */ var a = 1;", false)]
    [InlineData("var a = \"unsafe \\\" unsafe\";", false)]
    [InlineData("var a = @\"c:\\\"; unsafe { }", true)]
    [InlineData("var a = @\"say \"\"unsafe\"\" \";", false)]
    [InlineData("var a = \"\"\"\n unsafe \" \"\" unsafe\n\"\"\";", false)]
    [InlineData("var a = \"//\"; unsafe { }", true)]
    [InlineData("var a = '\"'; unsafe { } var b = '\"';", true)]
    [InlineData("var a = '\\''; unsafe { }", true)]
    [InlineData("var a = \"x\"u8; unsafe { } // \"", true)]
    public void Comments_and_literals_are_no_code(string text, bool code) =>
        Assert.Equal(code, new SourceFile("a.cs", text).Code.Contains("unsafe", StringComparison.Ordinal));

    [Fact]
    public void A_rule_that_is_broken_names_the_place()
    {
        var file = new SourceFile("a.cs", "class A\n{\n    // Console.Write\n    void B() => Console.WriteLine();\n}\n");
        Assert.Equal(["a.cs:4: Console.WriteLine"], Offenders.Lines([file], new System.Text.RegularExpressions.Regex(@"Console\.\w+")));
    }
}
