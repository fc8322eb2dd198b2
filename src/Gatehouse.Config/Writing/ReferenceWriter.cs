using System.Collections;
using System.Text;
using Gatehouse.Config.Types;

namespace Gatehouse.Config.Writing;

/// <summary>Writes the reference page of the configuration, in Markdown, from the declarations of its settings.</summary>
public sealed class ReferenceWriter
{
    private readonly ConfigCatalog _catalog;
    private readonly StringBuilder _text = new();

    private ReferenceWriter(ConfigCatalog catalog) => _catalog = catalog;

    /// <summary>The page for the keys of <paramref name="catalog"/>. The same catalog gives the same text.</summary>
    public static string Write(ConfigCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        var writer = new ReferenceWriter(catalog);
        writer._text.Append("# Configuration reference\n\nGenerated from the declarations of the settings. A key in bold is required; ");
        writer._text.Append("a key marked *shorthand* may be left out, its value standing for the whole.\n");
        writer.WriteTable("The top level", null, typeof(ServerConfig));
        writer.WriteTable("A site", "An item of `sites`. The keys of wrappers stand here too.", typeof(SiteConfig));
        writer.WriteTable("A route", "An item of `routes`: `match`, one handler, and any wrappers, which win over those of the site.", typeof(RouteConfig));
        writer.WriteKeys("Handlers", OpenKind.Handler);
        writer.WriteKeys("Wrappers", OpenKind.Wrapper);
        writer.WriteKeys("Sections of the top level", OpenKind.Section);
        return writer._text.ToString();
    }

    private void WriteKeys(string title, OpenKind kind)
    {
        var keys = _catalog.KeysOf(kind);
        if (keys.Count == 0)
            return;
        _text.Append($"\n## {title}\n");
        foreach (var key in keys)
            WriteTable($"`{key.Key}`", $"{key.Summary}.", key.ConfigType, "###");
    }

    private void WriteTable(string title, string? summary, Type type, string level = "##")
    {
        _text.Append($"\n{level} {title}\n");
        if (summary is not null)
            _text.Append($"\n{summary}\n");
        var rows = new StringBuilder();
        AddRows(rows, SettingType.Of(type), "", []);
        if (rows.Length > 0)
            _text.Append("\n| key | takes | default | meaning |\n|---|---|---|---|\n").Append(rows);
    }

    /// <summary>One row for each key, those of inner records behind a dot; an item of a list as <c>[]</c>, a free name as <c>NAME</c>.</summary>
    private static void AddRows(StringBuilder rows, SettingType type, string path, HashSet<Type> within)
    {
        switch (type)
        {
            case ListType list:
                AddRows(rows, list.Item, $"{path}[]", within);
                break;
            case MapType map:
                AddRows(rows, map.Value, path.Length == 0 ? "NAME" : $"{path}.NAME", within);
                break;
            // A record that holds itself has its rows already; sites and routes have tables of their own.
            case RecordType record when within.Add(record.ClrType):
                foreach (var setting in record.Settings)
                {
                    var key = path.Length == 0 ? setting.Key : $"{path}.{setting.Key}";
                    rows.Append($"| {Name(key, setting, record)} | {Cell(Takes(setting.Type, setting))} ");
                    rows.Append($"| {Default(setting)} | {Cell(setting.Description)} |\n");
                    if (setting.Type is not ListType { Item: RecordType { Open.Count: > 0 } })
                        AddRows(rows, setting.Type, key, within);
                }
                within.Remove(record.ClrType);
                break;
        }
    }

    private static string Name(string key, Setting setting, RecordType record)
    {
        var name = setting.IsRequired ? $"**`{key}`**" : $"`{key}`";
        return setting == record.Shorthand ? $"{name} *shorthand*" : name;
    }

    private static string Takes(SettingType type, Setting setting) => type switch
    {
        ListType list => $"{Takes(list.Item, setting)}; or a list of such",
        MapType map => $"names, each with {Takes(map.Value, setting)}",
        RecordType { Shorthand: { } shorthand } => $"{Takes(shorthand.Type, shorthand)}; or a mapping",
        RecordType => "a mapping",
        _ => setting.ExpectedOf(type),
    };

    private static string Default(Setting setting) => setting switch
    {
        { Default: null } or { IsSecret: true } => "",
        { Default: "" } => "`\"\"`",
        { Default: { } value, Type: ScalarType scalar } => $"`{scalar.Write(value)}`",
        { Default: IEnumerable items, Type: ListType { Item: ScalarType item } } =>
            string.Join(", ", items.Cast<object>().Select(one => $"`{item.Write(one)}`")),
        _ => "",
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
}
