using System.CommandLine;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse stop</c>: the running server finishes the requests under way and ends.</summary>
internal static class StopCommand
{
    public static Command Create()
    {
        var state = Options.State();
        var command = new Command("stop", "Have the running server finish the requests under way and end") { state };
        command.SetAction(result => ControlCall.Run(result, state, "POST", "/stop"));
        return command;
    }
}
