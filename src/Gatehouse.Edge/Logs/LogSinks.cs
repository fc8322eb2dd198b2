namespace Gatehouse.Edge.Logs;

/// <summary>
/// The sinks of the running server, one for each destination, however many sites log to it. It survives a reload: a destination that is still named
/// keeps its sink. Thread-safe.
/// </summary>
public sealed class LogSinks : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LogSink> _sinks = new(StringComparer.Ordinal);
    private readonly Action<string> _report;

    /// <summary>Makes an empty set.</summary>
    /// <param name="report">Takes, from any thread, one sentence about a destination that fails or recovers.</param>
    public LogSinks(Action<string> report) => _report = report;

    /// <summary>All sinks, for metrics and status.</summary>
    public IReadOnlyList<LogSink> All
    {
        get
        {
            lock (_lock)
                return [.. _sinks.Values];
        }
    }

    /// <summary>The sink of a destination, made when it is not there. Opening it waits for the first line, and failing to is reported then.</summary>
    /// <exception cref="ArgumentException">The settings say that nothing is logged.</exception>
    public LogSink Get(LogConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        var name = Name(config) ?? throw new ArgumentException("Expected a file or a collector, found that the log is off.", nameof(config));
        lock (_lock)
        {
            if (!_sinks.TryGetValue(name, out var sink))
                _sinks.Add(name, sink = new LogSink(name, Open(config), _report));
            return sink;
        }
    }

    /// <summary>Opens all destinations anew (SIGUSR1).</summary>
    public void Reopen()
    {
        foreach (var sink in All)
            sink.Reopen();
    }

    /// <summary>Ends the sinks that none of <paramref name="configs"/> names, after a reload and once no exchange uses them.</summary>
    public void Keep(IEnumerable<LogConfig> configs)
    {
        var names = configs.Select(Name).ToHashSet(StringComparer.Ordinal);
        List<LogSink> unused;
        lock (_lock)
        {
            unused = [.. _sinks.Values.Where(sink => !names.Contains(sink.Name))];
            foreach (var sink in unused)
                _sinks.Remove(sink.Name);
        }
        foreach (var sink in unused)
            sink.Dispose();
    }

    /// <summary>Writes what has been logged and ends all sinks.</summary>
    public void Dispose() => Keep([]);

    private static string? Name(LogConfig config) => config.Syslog?.ToString() ?? (config.File.IsOff ? null : config.File.Value);

    private static ILogDestination Open(LogConfig config)
    {
        if (config.Syslog is { } collector)
            return new SyslogDestination(collector);
        return config.File.IsStandardOutput ? new StandardOutputDestination() : new FileDestination(config.File.Value);
    }
}
