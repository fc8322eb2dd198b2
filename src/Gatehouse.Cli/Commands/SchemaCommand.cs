using System.CommandLine;
using Gatehouse.Config;
using Gatehouse.Config.Writing;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse schema</c>: the JSON Schema of configurations, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var markdown = new Option<bool>("--markdown") { Description = "Print the reference page of all settings instead" };
        var command = new Command("schema", "Print the JSON Schema of the configuration, for completion and checks in an editor") { markdown };
        command.SetAction(result =>
        {
            var catalog = new ConfigCatalog(Features.All, Features.Sections);
            Console.Out.Write(result.GetValue(markdown) ? ReferenceWriter.Write(catalog) : SchemaWriter.Write(catalog));
        });
        return command;
    }
}
