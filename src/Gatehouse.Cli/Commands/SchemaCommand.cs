using System.CommandLine;
using Gatehouse.Config;
using Gatehouse.Config.Writing;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse schema</c>: the JSON Schema of configurations, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var command = new Command("schema", "Print the JSON Schema of the configuration, for completion and checks in an editor");
        command.SetAction(_ => Console.Out.Write(SchemaWriter.Write(new ConfigCatalog(Features.All, Features.Sections))));
        return command;
    }
}
