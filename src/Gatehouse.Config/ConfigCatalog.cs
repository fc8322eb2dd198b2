using Gatehouse.Config.Types;
using Gatehouse.Edge.Routing;

namespace Gatehouse.Config;

/// <summary>
/// All keys of a configuration: its own, and those that features (in sites and routes) and sections (at the top level) supply. What a key's settings are is
/// looked at when a configuration writes it: a server starts without a look at those that it does not use.
/// </summary>
public sealed class ConfigCatalog
{
    private readonly OpenKey[] _handlers;
    private readonly OpenKey[] _wrappers;
    private readonly OpenKey[] _sections;

    /// <summary>Joins the keys.</summary>
    /// <exception cref="ArgumentException">A key is supplied twice, or is one of the configuration's own.</exception>
    public ConfigCatalog(IReadOnlyList<Feature> features, IReadOnlyList<Section> sections)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(sections);
        Features = features;
        Sections = sections;
        _handlers = [.. features.Where(feature => feature.Kind == FeatureKind.Handler).Select(KeyOf)];
        _wrappers = [.. features.Where(feature => feature.Kind == FeatureKind.Wrapper).Select(KeyOf)];
        _sections = [.. sections.Select(KeyOf)];
        foreach (var type in new[] { typeof(ServerConfig), typeof(SiteConfig), typeof(RouteConfig) })
            RefuseClashes((RecordType)SettingType.Of(type));
    }

    /// <summary>What supplies the keys of sites and routes.</summary>
    public IReadOnlyList<Feature> Features { get; }

    /// <summary>What supplies further keys of the top level.</summary>
    public IReadOnlyList<Section> Sections { get; }

    internal IReadOnlyList<OpenKey> KeysOf(OpenKind kind) => kind switch
    {
        OpenKind.Handler => _handlers,
        OpenKind.Wrapper => _wrappers,
        _ => _sections,
    };

    internal IEnumerable<OpenKey> KeysOf(RecordType type) => type.Open.SelectMany(slot => KeysOf(slot.Kind));

    internal OpenKey? Find(RecordType type, string key)
    {
        foreach (var slot in type.Open)
        {
            foreach (var known in KeysOf(slot.Kind))
            {
                if (known.Key == key)
                    return known;
            }
        }
        return null;
    }

    private static OpenKey KeyOf(Feature feature) => new(
        feature.Kind == FeatureKind.Handler ? OpenKind.Handler : OpenKind.Wrapper, feature.Key, feature.Summary, feature.ConfigType,
        feature.Validate, config => new FeatureUse(feature, config));

    private static OpenKey KeyOf(Section section) =>
        new(OpenKind.Section, section.Key, section.Summary, section.ConfigType, section.Validate, config => new SectionUse(section, config));

    private void RefuseClashes(RecordType type)
    {
        var keys = type.Settings.Select(setting => setting.Key).Concat(KeysOf(type).Select(key => key.Key));
        if (keys.GroupBy(key => key).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"The key '{twice.Key}' is supplied twice for {type.ClrType.Name}.");
    }
}
