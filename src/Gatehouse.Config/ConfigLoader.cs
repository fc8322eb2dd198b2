using Gatehouse.Config.Mapping;
using Gatehouse.Config.Types;
using Gatehouse.Config.Yaml;
using Gatehouse.Edge.Routing;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Config;

/// <summary>Reads a configuration: YAML to nodes, variables replaced, includes joined, nodes mapped to records, records checked; all faults at once.</summary>
/// <param name="catalog">The keys that there are.</param>
/// <param name="environment">The value of an environment variable, or null; the process's own unless given.</param>
public sealed class ConfigLoader(ConfigCatalog catalog, Func<string, string?>? environment = null)
{
    /// <summary>The port of a configuration that has sites and does not say where to listen.</summary>
    public const ushort DefaultPort = 8080;

    /// <summary>Reads the configuration at <paramref name="path"/> with the keys of these features and sections. Never throws for what a file holds.</summary>
    public static LoadResult Load(string path, IReadOnlyList<Feature> features, IReadOnlyList<Section> sections) =>
        new ConfigLoader(new ConfigCatalog(features, sections)).Load(path);

    /// <summary>Reads the configuration at <paramref name="path"/>. Never throws for what a file holds.</summary>
    public LoadResult Load(string path) => Load(path, static (reader, path) => reader.ReadFile(path));

    /// <summary>Reads <paramref name="text"/> as the configuration that would stand at <paramref name="path"/>, from whose folder its paths start.</summary>
    public LoadResult LoadText(string text, string path) => Load(path, (reader, path) => reader.ReadText(text, path));

    private LoadResult Load(string path, Func<SourceReader, string, YamlMapping?> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        var root = (RecordType)SettingType.Of(typeof(ServerConfig));
        var faults = new FaultList();
        var interpolator = new Interpolator(environment ?? Environment.GetEnvironmentVariable, folder, faults);
        var source = new SourceReader(new YamlReader(interpolator, faults), new NodeMerger(IsList, faults), faults);
        var mapper = new Mapper(catalog, folder, faults);
        ServerConfig? config = null;
        if (read(source, path) is { } mapping)
        {
            config = (ServerConfig?)mapper.Map(mapping, root, "", null);
            if (config is { Sites.Count: > 0 } && mapping.Find("listen") is null)
                config = config with { Listen = [new ListenAddress(new Endpoint(IpAddress.FromV6(0, 0), DefaultPort))] };
        }
        return new LoadResult(faults.Count == 0 ? config : null, faults.Count == 0 ? [] : faults.Ordered(source.Files), source.Files, mapper.Secrets);

        bool IsList(string key) => (root.Find(key)?.Type ?? catalog.Find(root, key)?.Type) is ListType;
    }
}
