using System.CommandLine;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse reload</c>: the running server reads its configuration again.</summary>
internal static class ReloadCommand
{
    public static Command Create()
    {
        var state = Options.State();
        var command = new Command("reload", "Have the running server put its changed configuration in force; a faulty one changes nothing and is reported") { state };
        command.SetAction(result => ControlCall.Run(result, state, "POST", "/reload"));
        return command;
    }
}
