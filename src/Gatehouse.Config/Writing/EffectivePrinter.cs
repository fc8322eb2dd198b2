using System.Collections;
using System.Text;
using Gatehouse.Config.Types;

namespace Gatehouse.Config.Writing;

/// <summary>
/// Writes a configuration as YAML with every default filled in, every path absolute and every include joined. Secrets are masked; without them the
/// result reads as the same configuration.
/// </summary>
public static class EffectivePrinter
{
    private const string Mask = "'***'";

    /// <summary>Prints <paramref name="config"/>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="secrets">Texts to mask wherever they stand (<see cref="LoadResult.Secrets"/>).</param>
    public static string Print(ServerConfig config, IReadOnlySet<string> secrets)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(secrets);
        var text = new StringBuilder();
        WriteRecord(text, config, (RecordType)SettingType.Of(typeof(ServerConfig)), 0, secrets);
        return text.ToString();
    }

    private static void WriteRecord(StringBuilder text, object record, RecordType type, int indent, IReadOnlySet<string> secrets)
    {
        foreach (var setting in type.Settings)
        {
            if (setting.Property.GetValue(record) is { } value)
                WriteEntry(text, setting.Key, value, setting.Type, indent, secrets, setting.IsSecret);
        }
        foreach (var slot in type.Open)
        {
            var uses = slot.Property.GetValue(record);
            foreach (var use in uses as IEnumerable ?? new[] { uses })
            {
                var (key, config, configType) = use is FeatureUse feature
                    ? (feature.Feature.Key, feature.Config, feature.Feature.ConfigType)
                    : (((SectionUse)use).Section.Key, ((SectionUse)use).Config, ((SectionUse)use).Section.ConfigType);
                WriteEntry(text, key, config, SettingType.Of(configType), indent, secrets, isSecret: false);
            }
        }
    }

    private static void WriteEntry(StringBuilder text, string key, object value, SettingType type, int indent, IReadOnlySet<string> secrets, bool isSecret)
    {
        Indent(text, indent).Append(YamlText.Quote(key)).Append(':');
        WriteValue(text, value, type, indent, secrets, isSecret);
    }

    /// <summary>Writes what stands behind a colon or a dash at <paramref name="indent"/>, line end included.</summary>
    private static void WriteValue(StringBuilder text, object value, SettingType type, int indent, IReadOnlySet<string> secrets, bool isSecret)
    {
        switch (type)
        {
            case ScalarType scalar:
                text.Append(' ').Append(Scalar(scalar, value, secrets, isSecret)).Append('\n');
                break;
            case ListType or MapType when !((IEnumerable)value).GetEnumerator().MoveNext():
                text.Append(type is ListType ? " []\n" : " {}\n");
                break;
            case ListType list:
                text.Append('\n');
                foreach (var item in (IEnumerable)value)
                {
                    Indent(text, indent + 1).Append('-');
                    WriteItem(text, item, list.Item, indent + 1, secrets, isSecret);
                }
                break;
            case MapType map:
                text.Append('\n');
                foreach (DictionaryEntry entry in (IDictionary)value)
                {
                    Indent(text, indent + 1).Append(YamlText.Quote((string)entry.Key)).Append(':');
                    WriteValue(text, entry.Value!, map.Value, indent + 1, secrets, isSecret);
                }
                break;
            case RecordType record:
                var before = text.Length;
                text.Append('\n');
                WriteRecord(text, value, record, indent + 1, secrets);
                if (text.Length == before + 1)
                    text.Insert(before, " {}");
                break;
        }
    }

    /// <summary>Writes an item behind its dash: a record begins on the same line.</summary>
    private static void WriteItem(StringBuilder text, object item, SettingType type, int indent, IReadOnlySet<string> secrets, bool isSecret)
    {
        if (type is not RecordType record)
        {
            WriteValue(text, item, type, indent, secrets, isSecret);
            return;
        }
        var inner = new StringBuilder();
        WriteRecord(inner, item, record, indent + 1, secrets);
        text.Append(' ').Append(inner.Length == 0 ? "{}\n" : inner.ToString().TrimStart(' '));
    }

    private static string Scalar(ScalarType type, object value, IReadOnlySet<string> secrets, bool isSecret)
    {
        var written = type.Write(value);
        if (isSecret || secrets.Contains(written))
            return Mask;
        return type.Json == JsonKind.Text ? YamlText.Quote(written) : written;
    }

    private static StringBuilder Indent(StringBuilder text, int level) => text.Append(' ', 2 * level);
}
