namespace Gatehouse.Bench.Servers;

/// <summary>
/// What a server must do in a row: listen on <see cref="Port"/>, answer /hello with 13 bytes, /files/* from <see cref="Files"/>,
/// pass /up/* on to <see cref="Upstream"/> if there is one, and keep what it writes in <see cref="Folder"/>.
/// </summary>
internal sealed record ServerSetup(string Folder, string Files, int Port, int AdminPort)
{
    public int? Upstream { get; init; }

    /// <summary>What it presents on a port that speaks TLS; null for a plain one.</summary>
    public TlsFiles? Tls { get; init; }

    public bool Logged { get; init; }

    /// <summary>Where php-fpm listens, for /php/*.php below the files; null for none.</summary>
    public string? PhpSocket { get; init; }

    /// <summary>The folder of scripts for /cgi-bin/*; null for none.</summary>
    public string? CgiFolder { get; init; }

    /// <summary>The Python application behind /app and /large; null for none.</summary>
    public PythonApplication? Application { get; init; }

    /// <summary>The database of the applications; null for none.</summary>
    public Postgres? Database { get; init; }

    /// <summary>What a Python application finds in its environment.</summary>
    public IReadOnlyDictionary<string, string> ApplicationEnvironment =>
        Database is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["DATABASE"] = Database.Url };

    /// <summary>It answers by processes that end, which must be counted too.</summary>
    public bool EndsChildren { get; init; }

    public int Reactors { get; init; } = 1;

    /// <summary>Where the access log is written when <see cref="Logged"/>.</summary>
    public string AccessLog => Path.Combine(Folder, "access.log");

    /// <summary>Writes a file of the configuration and gives its path.</summary>
    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
