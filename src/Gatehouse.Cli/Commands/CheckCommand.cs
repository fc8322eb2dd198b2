using System.CommandLine;
using Gatehouse.Config;
using Gatehouse.Config.Writing;
using Gatehouse.Host.Tls;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse check</c>: whether a configuration is right.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The configuration" };
        var print = new Option<bool>("--print") { Description = "Print the effective configuration, defaults included and secrets left out" };
        var command = new Command("check", "Check a configuration and report every fault at once as file:line:column; exit code 1 when there is one") { file, print };
        command.SetAction(result =>
        {
            var loaded = ConfigLoader.Load(result.GetRequiredValue(file), Features.All, Features.Sections);
            if (loaded.Config is null)
            {
                foreach (var fault in loaded.Faults)
                    Console.Error.WriteLine(fault);
                return 1;
            }
            if (!TryReadCertificates(loaded.Config, result.GetRequiredValue(file)))
                return 1;
            if (result.GetValue(print))
                Console.Out.Write(EffectivePrinter.Print(loaded.Config, loaded.Secrets));
            else
                Console.Out.WriteLine($"{result.GetValue(file)}: no fault");
            return 0;
        });
        return command;
    }

    private static bool TryReadCertificates(ServerConfig config, string file)
    {
        try
        {
            foreach (var warning in TlsModel.Check(config))
                Console.Error.WriteLine($"{file}: warning: {warning}");
            return true;
        }
        catch (TlsConfigException exception)
        {
            foreach (var fault in exception.Message.Split('\n'))
                Console.Error.WriteLine($"{file}: {fault}");
            return false;
        }
    }
}
