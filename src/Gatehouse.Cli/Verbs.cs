using System.CommandLine;
using Gatehouse.Cli.Commands;

namespace Gatehouse.Cli;

/// <summary>The one list of all verbs, in the order of the help.</summary>
internal static class Verbs
{
    private static readonly (string Name, Func<Command> Create)[] All =
    [
        ("serve", ServeCommand.Create),
        ("check", CheckCommand.Create),
        ("schema", SchemaCommand.Create),
        ("status", StatusCommand.Create),
        ("reload", ReloadCommand.Create),
        ("stop", StopCommand.Create),
        ("ca", CaCommand.Create),
        ("cert", CertCommand.Create),
        ("dig", DigCommand.Create),
        ("get", GetCommand.Create),
        ("bench", BenchCommand.Create),
        ("bin", BinCommand.Create),
        ("sockets", SocketsCommand.Create),
        ("ip", IpCommand.Create),
    ];

    /// <summary>The verb that the arguments begin with, alone, so that no other costs anything; all of them where there is none.</summary>
    public static IEnumerable<Command> For(string[] arguments)
    {
        foreach (var (name, create) in All)
        {
            if (arguments is [var first, ..] && first == name)
                return [create()];
        }
        return All.Select(verb => verb.Create());
    }
}
