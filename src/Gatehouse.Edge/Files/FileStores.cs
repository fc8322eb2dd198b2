using Gatehouse.Http;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Edge.Files;

/// <summary>
/// The folders of a running server, with the files open in them: a new configuration that serves the same folder gets the same one. A change of configuration
/// is <see cref="Begin"/>, the building of its handlers, then <see cref="Commit"/> or <see cref="Abandon"/>; one at a time, on any one thread.
/// </summary>
public sealed class FileStores(IReadOnlyList<Reactor> reactors)
{
    private readonly Dictionary<(string Folder, bool WithSiblings), FileStore> _live = [];
    private readonly Dictionary<(string Folder, bool WithSiblings), FileStore> _next = [];

    /// <summary>A handler of one folder, for a program without a configuration that changes.</summary>
    public static IHandler Serve(FilesConfig config, IReadOnlyList<Reactor> reactors)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(reactors);
        return new FilesHandler(config, new FileStore(config.Root.Value, config.Precompressed, reactors.Count));
    }

    /// <summary>Starts a change.</summary>
    public void Begin() => _next.Clear();

    /// <summary>The new configuration is in force: lets go of the folders that it no longer has.</summary>
    public void Commit()
    {
        foreach (var (key, store) in _live)
        {
            if (!_next.ContainsKey(key))
                store.Close(reactors);
        }
        _live.Clear();
        foreach (var (key, store) in _next)
            _live.Add(key, store);
        _next.Clear();
    }

    /// <summary>The new configuration is not used: forgets what only it had.</summary>
    public void Abandon() => _next.Clear();

    /// <summary>The store of these settings: the live one, or a new one that lives from <see cref="Commit"/> on.</summary>
    internal FileStore Get(FilesConfig config)
    {
        var key = (config.Root.Value, config.Precompressed);
        if (!_next.TryGetValue(key, out var store))
            _next.Add(key, store = _live.GetValueOrDefault(key) ?? new FileStore(config.Root.Value, config.Precompressed, reactors.Count));
        return store;
    }
}
