using System.Text;
using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>Gatehouse: one reactor unless the row says otherwise.</summary>
internal sealed class GatehouseProgram(IReadOnlyList<string> command) : IServerProgram
{
    /// <summary>The collector and the compiler as the built program sets them, pinned here so that no one's shell changes them.</summary>
    private static readonly Dictionary<string, string> Runtime = new()
    {
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_gcConcurrent"] = "0",
        ["DOTNET_TieredCompilation"] = "1",
        ["DOTNET_TieredPGO"] = "1",
    };

    public const string Title = "gatehouse";

    /// <summary>How it is started.</summary>
    public IReadOnlyList<string> Command => command;

    public string Name => Title;
    public string Settings => "";

    /// <summary>The runtime's settings as one line for the page.</summary>
    public static string RuntimeSettings => string.Join(' ', Runtime.Select(setting => $"{setting.Key}={setting.Value}"));

    public Launch Configure(ServerSetup setup)
    {
        var yaml = new StringBuilder()
            .Append($"listen: [\"127.0.0.1:{setup.Port}{(setup.Tls is null ? "" : " tls")}\"]\n")
            .Append($"reactors: {setup.Reactors}\n")
            .Append($"admin: {{listen: \"127.0.0.1:{setup.AdminPort}\"}}\n")
            .Append("sites:\n")
            .Append("  - routes:\n")
            .Append("      - {match: /hello, respond: {status: 200, body: \"Hello, World!\"}}\n")
            .Append($"      - {{match: /files/*, files: {{root: \"{setup.Files}\", strip: /files}}}}\n");
        if (setup.Upstream is { } upstream) yaml.Append($"      - {{match: /up/*, proxy: {{to: [\"127.0.0.1:{upstream}\"]}}}}\n");
        if (setup.PhpSocket is { } php) yaml.Append($"      - {{match: \"*.php\", fastcgi: {{to: \"unix:{php}\", root: \"{setup.Files}\", keep: 64}}}}\n");
        if (setup.CgiFolder is { } cgi) yaml.Append($"      - {{match: /cgi-bin/*, cgi: \"{cgi}\"}}\n");
        if (setup.Application is { } app)
            yaml.Append($"      - {{match: /*, {(app.IsAsync ? "asgi" : "wsgi")}: {{app: \"{app.Name}\", path: \"{app.Folder}\", workers: {app.Workers}, python: {PythonApplication.Interpreter}}}}}\n");
        if (setup.Tls is { } tls) yaml.Append($"    tls: {{cert: \"{tls.Certificate}\", key: \"{tls.Key}\"}}\n");
        if (setup.Logged) yaml.Append($"    log: {{file: \"{setup.AccessLog}\", format: combined}}\n");

        var file = setup.Write("gatehouse.yaml", yaml.ToString());
        var state = Path.Combine(setup.Folder, "state");
        return new Launch(command[0], [.. command.Skip(1), "serve", file, "--state", state]) { Environment = Runtime };
    }
}
