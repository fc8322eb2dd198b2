namespace Gatehouse.Tools.Get;

/// <summary>What <c>gatehouse get</c> was asked for, under curl's names.</summary>
public sealed record GetOptions
{
    /// <summary>Method or URL, then further URLs, and httpie's short forms.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>-X.</summary>
    public string? Method { get; init; }

    /// <summary>-H.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>-A.</summary>
    public string? UserAgent { get; init; }

    /// <summary>-e.</summary>
    public string? Referer { get; init; }

    /// <summary>-r.</summary>
    public string? Range { get; init; }

    /// <summary>-d: text, or @FILE without its line ends.</summary>
    public IReadOnlyList<string> Data { get; init; } = [];

    /// <summary>--data-raw: text as it is.</summary>
    public IReadOnlyList<string> DataRaw { get; init; } = [];

    /// <summary>--data-binary: text, or @FILE as it is.</summary>
    public IReadOnlyList<string> DataBinary { get; init; } = [];

    /// <summary>--data-urlencode.</summary>
    public IReadOnlyList<string> DataUrlEncode { get; init; } = [];

    /// <summary>--json.</summary>
    public string? Json { get; init; }

    /// <summary>-G: data goes into the query.</summary>
    public bool DataInQuery { get; init; }

    /// <summary>-F.</summary>
    public IReadOnlyList<string> Form { get; init; } = [];

    /// <summary>-T.</summary>
    public string? Upload { get; init; }

    /// <summary>-u.</summary>
    public string? User { get; init; }

    /// <summary>-b: NAME=VALUE or a file.</summary>
    public IReadOnlyList<string> Cookies { get; init; } = [];

    /// <summary>-c.</summary>
    public string? CookieJar { get; init; }

    /// <summary>-L.</summary>
    public bool Follows { get; init; }

    /// <summary>--max-redirs; curl has 50.</summary>
    public int MaxRedirects { get; init; } = 50;

    /// <summary>-k.</summary>
    public bool IsInsecure { get; init; }

    /// <summary>--cacert.</summary>
    public string? CaCert { get; init; }

    /// <summary>--cert.</summary>
    public string? Cert { get; init; }

    /// <summary>--key.</summary>
    public string? Key { get; init; }

    /// <summary>-o, one for each URL.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>-O.</summary>
    public bool UsesRemoteName { get; init; }

    /// <summary>-C: an offset, or - for the length of the file that is there.</summary>
    public string? ContinueAt { get; init; }

    /// <summary>-i.</summary>
    public bool IncludesHead { get; init; }

    /// <summary>-I.</summary>
    public bool HeadOnly { get; init; }

    /// <summary>-s.</summary>
    public bool IsSilent { get; init; }

    /// <summary>-S.</summary>
    public bool ShowsErrors { get; init; }

    /// <summary>-f.</summary>
    public bool Fails { get; init; }

    /// <summary>--fail-with-body.</summary>
    public bool FailsWithBody { get; init; }

    /// <summary>-v.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>-w.</summary>
    public string? WriteOut { get; init; }

    /// <summary>-x.</summary>
    public string? Proxy { get; init; }

    /// <summary>--noproxy.</summary>
    public string? NoProxy { get; init; }

    /// <summary>-p: a tunnel for http as well.</summary>
    public bool TunnelsThroughProxy { get; init; }

    /// <summary>--resolve HOST:PORT:ADDRESS.</summary>
    public IReadOnlyList<string> Resolve { get; init; } = [];

    /// <summary>--connect-to HOST:PORT:HOST:PORT.</summary>
    public IReadOnlyList<string> ConnectTo { get; init; } = [];

    /// <summary>--unix-socket.</summary>
    public string? UnixSocket { get; init; }

    /// <summary>--compressed.</summary>
    public bool IsCompressed { get; init; }

    /// <summary>--max-time, seconds.</summary>
    public double? MaxTime { get; init; }

    /// <summary>--connect-timeout, seconds.</summary>
    public double? ConnectTimeout { get; init; }

    /// <summary>--max-filesize, bytes.</summary>
    public long? MaxFileSize { get; init; }

    /// <summary>--retry.</summary>
    public int Retries { get; init; }

    /// <summary>--retry-delay, seconds; without it 1, 2, 4 and so on.</summary>
    public double? RetryDelay { get; init; }

    /// <summary>--retry-all-errors.</summary>
    public bool RetriesAllErrors { get; init; }

    /// <summary>--retry-connrefused.</summary>
    public bool RetriesRefused { get; init; }

    /// <summary>-Z.</summary>
    public bool IsParallel { get; init; }

    /// <summary>--parallel-max; curl has 50.</summary>
    public int ParallelMax { get; init; } = 50;

    /// <summary>--har.</summary>
    public string? Har { get; init; }

    /// <summary>--pretty: format and colour though the output is no terminal; false to show raw bytes on one; null for what it is.</summary>
    public bool? IsPretty { get; init; }
}
