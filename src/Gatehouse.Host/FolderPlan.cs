using System.Text;

namespace Gatehouse.Host;

/// <summary>How a folder is served for which there is no configuration: what was found in it, and the configuration that follows.</summary>
/// <param name="Findings">What was found and how it is served, a sentence each.</param>
/// <param name="Yaml">The configuration, as a person might have written it.</param>
public sealed record FolderPlan(IReadOnlyList<string> Findings, string Yaml)
{
    private const string PhpSockets = "/run/php";

    /// <summary>Looks at <paramref name="folder"/>.</summary>
    /// <param name="folder">An absolute path of a folder.</param>
    /// <param name="listen">Where to listen.</param>
    public static FolderPlan For(string folder, IReadOnlyList<string> listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        var findings = new List<string>();
        var yaml = new StringBuilder();
        yaml.Append("listen: [").AppendJoin(", ", listen.Select(Quote)).Append("]\n");
        yaml.Append("sites:\n  - compress: on\n    routes:\n");
        AddCgi(folder, findings, yaml);
        AddPhp(folder, findings, yaml);
        if (PythonApplication.Find(folder) is { } application)
            AddPython(folder, application, findings, yaml);
        else
            AddFiles(folder, findings, yaml);
        return new FolderPlan(findings, yaml.ToString());
    }

    private static void AddCgi(string folder, List<string> findings, StringBuilder yaml)
    {
        if (!Directory.Exists(Path.Combine(folder, "cgi-bin")))
            return;
        findings.Add("cgi-bin/: its programs are run as CGI scripts");
        yaml.Append("      - {match: /cgi-bin/*, cgi: ").Append(Quote(Path.Combine(folder, "cgi-bin"))).Append("}\n");
    }

    // Whatever there is to run it, the text of a program is not served.
    private static void AddPhp(string folder, List<string> findings, StringBuilder yaml)
    {
        if (!File.Exists(Path.Combine(folder, "index.php")))
            return;
        var socket = Directory.Exists(PhpSockets) ? Directory.EnumerateFiles(PhpSockets, "*.sock").Order(StringComparer.Ordinal).FirstOrDefault() : null;
        if (socket is null)
        {
            findings.Add($"index.php: PHP is not served, since no php-fpm listens in {PhpSockets}");
            yaml.Append("      - {match: \"*.php\", respond: {status: 503}}\n");
            return;
        }
        findings.Add($"index.php: PHP is run by php-fpm at {socket}");
        yaml.Append("      - {match: /, redirect: {to: /index.php, status: 302}}\n");
        yaml.Append("      - {match: \"*.php\", fastcgi: {to: ").Append(Quote($"unix:{socket}")).Append(", root: ").Append(Quote(folder)).Append("}}\n");
    }

    private static void AddPython(string folder, PythonApplication application, List<string> findings, StringBuilder yaml)
    {
        findings.Add($"{application.File}: {application.App} is run as {(application.Kind == "asgi" ? "an ASGI" : "a WSGI")} application, and anew when a .py file changes");
        if (Directory.Exists(Path.Combine(folder, "static")) && !application.HasOwnStatic)
        {
            findings.Add("static/: its files are served at /static/");
            yaml.Append("      - {match: /static/*, files: {root: ").Append(Quote(folder)).Append("}}\n");
        }
        yaml.Append("      - {match: /*, ").Append(application.Kind).Append(": {app: ").Append(Quote(application.App)).Append(", path: ").Append(Quote(folder));
        foreach (var name in (string[])[".venv", "venv"])
        {
            if (!File.Exists(Path.Combine(folder, name, "bin/python")))
                continue;
            findings.Add($"{name}/: its Python runs the application");
            yaml.Append(", python: ").Append(Quote(Path.Combine(folder, name)));
            break;
        }
        yaml.Append(", reload: on-change}}\n");
    }

    private static void AddFiles(string folder, List<string> findings, StringBuilder yaml)
    {
        var hasIndex = File.Exists(Path.Combine(folder, "index.html"));
        findings.Add(hasIndex ? "index.html: the folder is served as a web site" : "no index.html: the folder is served with a listing of its files");
        yaml.Append("      - {match: /*, files: {root: ").Append(Quote(folder)).Append(", browse: ").Append(hasIndex ? "off" : "on").Append("}}\n");
    }

    // In single quotes YAML has no escapes but the quote itself; the configuration's own ${ is escaped as $${.
    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal).Replace("${", "$${", StringComparison.Ordinal)}'";
}
