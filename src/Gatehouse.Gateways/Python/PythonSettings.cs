using System.Globalization;
using System.Text;
using Gatehouse.Net.Processes;

namespace Gatehouse.Gateways.Python;

/// <summary>What a pool of Python workers is made from: the configuration with everything resolved.</summary>
internal sealed class PythonSettings
{
    /// <summary>The most workers of a pool, those that are being replaced included.</summary>
    public const int MostWorkers = 200;

    /// <summary>Resolves <paramref name="config"/>.</summary>
    /// <param name="kind">wsgi or asgi.</param>
    /// <param name="config">The settings.</param>
    /// <param name="threads">Requests that one worker has under way at a time.</param>
    /// <param name="folder">The folder of the configuration.</param>
    public PythonSettings(string kind, PythonConfig config, int threads, string folder)
    {
        Kind = kind;
        Config = config;
        Threads = threads;
        Path = config.Path?.Value ?? folder;
        Folder = config.Folder?.Value ?? Path;
        ConfigFolder = folder;
        Workers = config.Workers.Count.Count ?? Environment.ProcessorCount;
        Min = config.Workers.Min ?? Math.Min(Workers, config.Workers.Max ?? Workers);
        Max = config.Workers.Max ?? Math.Max(Workers, Min);
        Workers = Math.Clamp(Workers, Min, Max);
    }

    /// <summary>wsgi or asgi.</summary>
    public string Kind { get; }

    /// <summary>What a person wrote.</summary>
    public PythonConfig Config { get; }

    /// <summary>Requests that one worker has under way at a time.</summary>
    public int Threads { get; }

    /// <summary>Where modules are imported from.</summary>
    public string Path { get; }

    /// <summary>The working folder.</summary>
    public string Folder { get; }

    /// <summary>Where a relative path of an interpreter starts.</summary>
    public string ConfigFolder { get; }

    /// <summary>Workers at the start.</summary>
    public int Workers { get; }

    /// <summary>The fewest workers.</summary>
    public int Min { get; }

    /// <summary>The most workers.</summary>
    public int Max { get; }

    /// <summary>Words of shared memory for one worker: whether to leave, then for each request under way its number and whether it is in vain.</summary>
    public int WordsPerWorker => 1 + (2 * Threads);

    /// <summary>Messages to leave that one worker takes: one for each of its threads, and one for an event loop.</summary>
    public int LeavesPerWorker => IsAsync ? 1 : Threads;

    /// <summary>True for ASGI: one worker has many requests under way, and is not killed for one of them.</summary>
    public bool IsAsync => Kind == "asgi";

    /// <summary>All settings as a text: pools with the same text are one.</summary>
    public string Key
    {
        get
        {
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $"{Kind}\n{Config.App}\n{Path}\n{Folder}\n{ConfigFolder}\n{Config.Python}\n{Workers} {Min} {Max} {Threads} {Config.Preload}\n");
            text.Append(CultureInfo.InvariantCulture, $"{Config.Timeout} {Config.Backlog} {Config.MaxRequests} {Config.MaxMemory} {Config.MaxAge} {Config.Buffer} {Config.Reload}\n");
            text.Append(CultureInfo.InvariantCulture, $"{Config.User}\n{Config.Group}\n{Config.Umask}\n{Config.Processes}\n{Config.Strip}\n");
            foreach (var (name, value) in Config.Env)
                text.Append(name).Append('=').Append(value).Append('\n');
            return text.ToString();
        }
    }

    /// <summary>The interpreter's file; null when there is none.</summary>
    public string? FindInterpreter()
    {
        var name = Config.Python;
        if (name.Contains('/') && Directory.Exists(System.IO.Path.GetFullPath(name, ConfigFolder)))
            name = System.IO.Path.Combine(System.IO.Path.GetFullPath(name, ConfigFolder), "bin/python");
        return ProgramPath.Find(name, ConfigFolder, Environment.GetEnvironmentVariable("PATH"));
    }

    /// <summary>The environment of the template and its workers.</summary>
    public ArgumentBlock MakeEnvironment()
    {
        var entries = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
            entries[(string)entry.Key] = (string)entry.Value!;
        foreach (var (name, value) in Config.Env)
            entries[name] = value;
        return new ArgumentBlock(entries.Select(entry => $"{entry.Key}={entry.Value}"));
    }

    /// <summary>The first message to a template: its settings, with a sample of every code of marshal in use.</summary>
    public ReadOnlySpan<byte> Describe(bool preload)
    {
        var writer = new MarshalWriter();
        writer.Dictionary();
        Entry("kind", Kind);
        Entry("app", Config.App);
        Entry("path", Path);
        Entry("folder", Folder);
        Entry("user", Config.User);
        Entry("group", Config.Group);
        Number("umask", Config.Umask is null ? null : Convert.ToInt32(Config.Umask, 8));
        Number("processes", Config.Processes);
        Number("threads", Threads);
        Number("block", WordsPerWorker);
        Boolean("preload", preload);
        Boolean("multiprocess", Max > 1);
        writer.Text("base");
        writer.Dictionary();
        Entry("SERVER_SOFTWARE", Product);
        Entry("SCRIPT_NAME", Config.Strip ?? "");
        Entry("SERVER_PROTOCOL", "HTTP/1.1");
        writer.EndDictionary();
        writer.Text("sample");
        WriteSample(writer);
        writer.EndDictionary();
        return writer.Written;

        void Entry(string name, string? value)
        {
            writer.Text(name);
            if (value is null)
                writer.None();
            else
                writer.Text(value);
        }

        void Number(string name, int? value)
        {
            writer.Text(name);
            if (value is { } number)
                writer.Number(number);
            else
                writer.None();
        }

        void Boolean(string name, bool value)
        {
            writer.Text(name);
            writer.Boolean(value);
        }
    }

    /// <summary>SERVER_SOFTWARE.</summary>
    public static string Product { get; } = $"Gatehouse/{typeof(PythonSettings).Assembly.GetName().Version?.ToString(3)}";

    // The same as SAMPLE of worker.py.
    private static void WriteSample(MarshalWriter writer)
    {
        writer.Tuple(9);
        writer.None();
        writer.Boolean(true);
        writer.Boolean(false);
        writer.Number(1);
        writer.Number(-2);
        writer.ShortAscii("ascii"u8);
        writer.Text("\u00fc\u20ac");
        writer.Bytes([0, 0xFF]);
        writer.Dictionary();
        writer.ShortAscii("key"u8);
        writer.Tuple(1);
        writer.Text("value");
        writer.EndDictionary();
    }
}
