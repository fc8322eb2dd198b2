using System.CommandLine;
using Gatehouse.Config;
using Gatehouse.Host;

namespace Gatehouse.Cli.Commands;

/// <summary><c>gatehouse serve</c>: serves a configuration, a folder, or the welcome page of a checkout.</summary>
internal static class ServeCommand
{
    private const string DefaultFile = "gatehouse.yaml";
    private static readonly string[] DefaultListen = ["127.0.0.1:8080", "127.0.0.1:8443 tls"];

    public static Command Create()
    {
        var what = new Argument<string?>("FILE or DIR")
        {
            Description = $"A configuration, or a folder to serve without one; by default {DefaultFile} here, else the welcome page of a checkout",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var listen = new Option<string[]>("--listen")
        {
            Description = $"Where to listen when a folder is served; by default {string.Join(" and ", DefaultListen)}",
            HelpName = "ADDRESS:PORT",
            AllowMultipleArgumentsPerToken = true,
        };
        var state = Options.State();
        var command = new Command("serve", "Serve a configuration or a folder until SIGTERM; SIGHUP reloads, SIGUSR1 reopens logs") { what, listen, state };
        command.SetAction((result, _) => RunAsync(result.GetValue(what), result.GetValue(listen) ?? [], result.GetValue(state)));
        return command;
    }

    private static Task<int> RunAsync(string? what, string[] listen, string? state)
    {
        var path = what ?? DefaultTarget();
        if (path is null)
            return Fail($"there is no {DefaultFile} here; name a configuration or a folder");
        path = Path.GetFullPath(path);
        var log = new StandardErrorLog();
        var loader = new ConfigLoader(new ConfigCatalog(Features.All, Features.Sections));
        if (Directory.Exists(path))
        {
            var plan = FolderPlan.For(path, listen.Length > 0 ? listen : DefaultListen);
            var shown = Path.Combine(path, "(no configuration)");
            return ServerProcess.RunAsync(() => loader.LoadText(plan.Yaml, shown), path, state, log, server => Announce(server, path, plan.Findings));
        }
        if (!File.Exists(path))
            return Fail($"{what}: no such file or folder");
        if (listen.Length > 0)
            return Fail("--listen is for a folder; a configuration says itself where to listen");
        return ServerProcess.RunAsync(() => loader.Load(path), Path.GetDirectoryName(path)!, state, log, server => Announce(server, path, []));
    }

    // The launcher of a checkout tells where the checkout is.
    private static string? DefaultTarget()
    {
        if (File.Exists(DefaultFile))
            return DefaultFile;
        return Environment.GetEnvironmentVariable("GATEHOUSE_CHECKOUT") is { Length: > 0 } checkout ? Path.Combine(checkout, "examples/welcome") : null;
    }

    private static void Announce(RunningServer server, string what, IReadOnlyList<string> findings)
    {
        Console.Out.WriteLine($"Gatehouse serves {what}");
        foreach (var finding in findings)
            Console.Out.WriteLine($"  {finding}");
        foreach (var (wanted, bound) in server.Listening)
            Console.Out.WriteLine(bound.IsUnix ? $"  {bound}" : $"  {(wanted.IsTls ? "https" : "http")}://{bound}/");
        foreach (var (wanted, bound) in server.Names.Listening)
            Console.Out.WriteLine($"  {wanted with { Endpoint = bound }} (names)");
        Console.Out.Flush();
    }

    private static Task<int> Fail(string message)
    {
        Console.Error.WriteLine($"gatehouse: {message}");
        return Task.FromResult(2);
    }
}
