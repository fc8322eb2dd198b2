using System.CommandLine;
using Gatehouse.Host.State;

namespace Gatehouse.Cli.Commands;

/// <summary>Options that several verbs share.</summary>
internal static class Options
{
    /// <summary>Which state folder, and so which running server.</summary>
    public static Option<string?> State() => new("--state")
    {
        Description = "State folder, with the control socket; by default $GATEHOUSE_STATE, else the XDG state folder, else /var/lib/gatehouse",
        HelpName = "DIR",
    };

    /// <summary>The state folder that <paramref name="option"/> names, or the default.</summary>
    public static string StateFolderPath(ParseResult result, Option<string?> option) => Path.GetFullPath(result.GetValue(option) ?? StateFolder.DefaultPath());

    /// <summary>The control socket in the folder that <paramref name="option"/> names.</summary>
    public static string ControlSocket(ParseResult result, Option<string?> option) =>
        StateFolder.ControlSocketIn(StateFolderPath(result, option));
}
