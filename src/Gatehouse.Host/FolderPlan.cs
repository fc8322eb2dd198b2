using System.Text;

namespace Gatehouse.Host;

/// <summary>How a folder is served for which there is no configuration: what was found in it, and the configuration that follows.</summary>
/// <param name="Findings">What was found and how it is served, a sentence each.</param>
/// <param name="Yaml">The configuration, as a person might have written it.</param>
public sealed record FolderPlan(IReadOnlyList<string> Findings, string Yaml)
{
    /// <summary>Looks at <paramref name="folder"/>.</summary>
    /// <param name="folder">An absolute path of a folder.</param>
    /// <param name="listen">Where to listen.</param>
    public static FolderPlan For(string folder, IReadOnlyList<string> listen)
    {
        ArgumentNullException.ThrowIfNull(listen);
        var hasIndex = File.Exists(Path.Combine(folder, "index.html"));
        var finding = hasIndex
            ? "index.html: the folder is served as a web site"
            : "no index.html: the folder is served with a listing of its files";
        var yaml = new StringBuilder();
        yaml.Append("listen: [").AppendJoin(", ", listen.Select(Quote)).Append("]\n");
        yaml.Append("sites:\n  - compress: on\n    routes:\n      - {match: /*, files: {root: ").Append(Quote(folder)).Append(", browse: ").Append(hasIndex ? "off" : "on").Append("}}\n");
        return new FolderPlan([finding], yaml.ToString());
    }

    // In single quotes YAML has no escapes but the quote itself; the configuration's own ${ is escaped as $${.
    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal).Replace("${", "$${", StringComparison.Ordinal)}'";
}
