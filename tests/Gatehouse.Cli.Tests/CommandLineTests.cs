using Gatehouse.Testing;

namespace Gatehouse.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("serve", "FILE or DIR")]
    [InlineData("check", "--print")]
    [InlineData("schema", "JSON Schema")]
    [InlineData("status", "--state")]
    [InlineData("reload", "--state")]
    [InlineData("stop", "--state")]
    [InlineData("ca", "install")]
    [InlineData("cert", "verify")]
    [InlineData("bin", "Examples")]
    [InlineData("get", "--connect-to")]
    [InlineData("bench", "--rate")]
    [InlineData("ip", "--contains")]
    [InlineData("sockets", "--listening")]
    public void Each_command_has_help(string command, string text)
    {
        using var folder = new TempFolder();
        Assert.Contains(text, TheProgram.Run(folder, command, "--help").Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains(command, TheProgram.Run(folder, "--help").Expect(0).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("reload")]
    [InlineData("stop")]
    public void A_command_to_a_server_that_is_not_there_is_2(string command)
    {
        using var folder = new TempFolder();
        var result = TheProgram.Run(folder, command).Expect(2);
        Assert.Contains($"gatehouse: no server answers at {folder["state"]}/control.sock", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("srve")]
    [InlineData("--no-such-option")]
    public void What_is_no_command_is_an_error(string argument)
    {
        using var folder = new TempFolder();
        var result = TheProgram.Run(folder, argument);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(argument, result.Error, StringComparison.Ordinal);
    }
}
