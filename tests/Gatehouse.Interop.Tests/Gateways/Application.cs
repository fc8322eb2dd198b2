namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>A server that runs Python applications of the tests.</summary>
internal static class Application
{
    /// <summary>The folder of the applications.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Gateways", "Applications");

    /// <summary>Serves one application; <paramref name="settings"/> are further settings behind a comma.</summary>
    public static Served Start(string app, string settings = "", string kind = "wsgi", string path = "") => Served.Start(Yaml(app, settings, kind, path));

    /// <summary>A configuration of one application on one reactor.</summary>
    public static string Yaml(string app, string settings = "", string kind = "wsgi", string path = "") => $$$"""
        reactors: 1
        sites:
          - routes:
              - {match: /*, {{{kind}}}: {app: "{{{app}}}", path: "{{{(path.Length == 0 ? Folder : path)}}}"{{{(settings.Length == 0 ? "" : ", " + settings)}}}}}
        """;
}
