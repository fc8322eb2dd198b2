using System.CommandLine;
using Gatehouse.Tools;
using Gatehouse.Tools.Addresses;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse ip</c>: arithmetic on addresses and prefixes. Exit code 0; with --contains 1 when it does not; 2 for a wrong call.</summary>
internal static class IpCommand
{
    public static Command Create()
    {
        var prefix = new Argument<string>("ADDRESS or PREFIX") { Description = "Such as 192.168.1.17/24, 10.0.0.0/255.0.0.0 or 2001:db8::/48" };
        var split = new Option<int?>("--split") { HelpName = "LENGTH", Description = "List the prefixes of that length in it" };
        var contains = new Option<string?>("--contains") { HelpName = "ADDRESS or PREFIX", Description = "Say whether it holds that; exit code 1 when it does not" };
        var json = new Option<bool>("--json") { Description = "As JSON" };
        var command = new Command("ip", """
            Tell what follows from an address or a prefix: first and last address, mask, reverse name, the ranges with a meaning that it lies in

            Examples:
              gatehouse ip 192.168.1.17/24
              gatehouse ip 10.0.0.0/16 --split 18
              gatehouse ip 10.0.0.0/8 --contains 10.1.2.3
            """) { prefix, split, contains, json };
        command.SetAction(result =>
        {
            try
            {
                var facts = new PrefixFacts(result.GetRequiredValue(prefix));
                if (result.GetValue(contains) is { } other)
                {
                    var holds = facts.Contains(new PrefixFacts(other));
                    Console.Out.WriteLine(holds ? "yes" : "no");
                    return holds ? 0 : 1;
                }
                if (result.GetValue(split) is { } length)
                {
                    foreach (var part in facts.Split(length))
                        Console.Out.WriteLine(part);
                    return 0;
                }
                Console.Out.Write(result.GetValue(json) ? facts.ToJson() : facts.ToString());
                return 0;
            }
            catch (ToolException exception)
            {
                Console.Error.WriteLine($"gatehouse: {exception.Message}");
                return exception.ExitCode;
            }
        });
        return command;
    }
}
