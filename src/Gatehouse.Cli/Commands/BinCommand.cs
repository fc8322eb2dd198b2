using System.CommandLine;
using System.Text;
using Gatehouse.Config;
using Gatehouse.Host;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse bin</c>: an httpbin of one's own. Exit code 0 after SIGTERM or Ctrl-C, 1 when it cannot listen.</summary>
internal static class BinCommand
{
    private const string DefaultListen = "127.0.0.1:8080";

    public static Command Create()
    {
        var listen = new Option<string[]>("--listen")
        {
            Description = $"Where to listen; by default {DefaultListen}, which only this machine reaches",
            HelpName = "ADDRESS:PORT",
            AllowMultipleArgumentsPerToken = true,
        };
        var state = Options.State();
        var command = new Command("bin", """
            Serve an httpbin of your own: answers that show the request, and answers of every kind to try a client on

            Examples:
              gatehouse bin
              gatehouse bin --listen :8000
              curl -d name=value http://127.0.0.1:8080/post
              A page at http://127.0.0.1:8080/inspect/hooks shows what is sent there, as it comes.
            """) { listen, state };
        command.SetAction((result, _) => RunAsync(result.GetValue(listen) is { Length: > 0 } named ? named : [DefaultListen], result.GetValue(state)));
        return command;
    }

    private static Task<int> RunAsync(string[] listen, string? state)
    {
        var yaml = new StringBuilder("listen:\n");
        foreach (var address in listen)
            yaml.Append($"  - \"{address.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"\n");
        yaml.Append("sites:\n  - routes:\n      - {match: /*, httpbin: on}\n");
        var loader = new ConfigLoader(new ConfigCatalog(Features.All, Features.Sections));
        var folder = Directory.GetCurrentDirectory();
        return ServerProcess.RunAsync(
            () => loader.LoadText(yaml.ToString(), Path.Combine(folder, "(httpbin)")), folder, state, new StandardErrorLog(), Announce);
    }

    private static void Announce(RunningServer server)
    {
        Console.Out.WriteLine("Gatehouse serves httpbin");
        foreach (var (wanted, bound) in server.Listening)
            Console.Out.WriteLine(bound.IsUnix ? $"  {bound}" : $"  {(wanted.IsTls ? "https" : "http")}://{bound}/");
        Console.Out.Flush();
    }
}
