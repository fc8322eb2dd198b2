using System.CommandLine;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse status</c>: what the running server says of itself.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        var state = Options.State();
        var command = new Command("status", "Show what the running server listens on, its connections and its upstreams, as JSON") { state };
        command.SetAction(result => ControlCall.Run(result, state, "GET", "/status"));
        return command;
    }
}
