using System.Text.RegularExpressions;

namespace Gatehouse.Host;

/// <summary>A Python application that a folder holds, found by the names that people give such files, and by what stands in them; nothing is run.</summary>
/// <param name="Kind">wsgi or asgi.</param>
/// <param name="App">The application as module:name.</param>
/// <param name="File">The file that told.</param>
/// <param name="HasOwnStatic">True for frameworks that serve /static themselves while developing.</param>
internal sealed partial record PythonApplication(string Kind, string App, string File, bool HasOwnStatic)
{
    private const int LongestFile = 1024 * 1024;

    /// <summary>Looks for wsgi.py, asgi.py, app.py and main.py, and beside a manage.py for the module that Django made.</summary>
    public static PythonApplication? Find(string folder)
    {
        if (System.IO.File.Exists(Path.Combine(folder, "manage.py")) && FindDjango(folder) is { } django)
            return django;
        foreach (var name in (string[])["wsgi", "asgi", "app", "main"])
        {
            if (FindIn(folder, name) is { } application)
                return application;
        }
        return null;
    }

    private static PythonApplication? FindDjango(string folder)
    {
        foreach (var package in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(package);
            if (System.IO.File.Exists(Path.Combine(package, "wsgi.py")))
                return new PythonApplication("wsgi", $"{name}.wsgi:application", "manage.py", HasOwnStatic: true);
        }
        return null;
    }

    private static PythonApplication? FindIn(string folder, string module)
    {
        var file = new FileInfo(Path.Combine(folder, module + ".py"));
        if (!file.Exists || file.Length > LongestFile)
            return null;
        var text = System.IO.File.ReadAllText(file.FullName);
        foreach (Match match in Definition().Matches(text))
        {
            var name = match.Groups["name"].Value;
            var isAsync = module == "asgi" || match.Groups["async"].Success || AsyncFramework().IsMatch(match.Value) || AsyncImport().IsMatch(text);
            return new PythonApplication(isAsync ? "asgi" : "wsgi", $"{module}:{name}", file.Name, HasOwnStatic: !isAsync && text.Contains("Flask(", StringComparison.Ordinal));
        }
        return null;
    }

    // At the left margin: application = ..., app: Flask = ..., def app(environ, start_response), async def app(scope, receive, send), class application.
    [GeneratedRegex(@"^(?:(?<async>async\s+)?def\s+|class\s+)?(?<name>application|app)\b\s*(?:[(:=][^\n]*)$", RegexOptions.Multiline)]
    private static partial Regex Definition();

    [GeneratedRegex(@"\b(FastAPI|Starlette|Quart|Litestar|get_asgi_application)\b")]
    private static partial Regex AsyncFramework();

    [GeneratedRegex(@"^\s*(?:import\s+falcon\.asgi|from\s+falcon\.asgi\s|.*falcon\.asgi\.App\()", RegexOptions.Multiline)]
    private static partial Regex AsyncImport();
}
