using Gatehouse.Http.Settings;

namespace Gatehouse.Edge.Logs;

/// <summary>Where the access log goes, and how its lines look.</summary>
public sealed record LogConfig : ICheckedSettings
{
    /// <summary>A file, standard output, or none.</summary>
    [Setting("A file (opened anew on SIGUSR1), stdout, or off")]
    [Shorthand]
    public LogFile File { get; init; } = LogFile.Off;

    /// <summary>A syslog collector in the place of a file; null for none.</summary>
    [Setting("A syslog collector, udp://HOST:PORT or tcp://HOST:PORT (RFC 5424), in the place of a file")]
    public SyslogAddress? Syslog { get; init; }

    /// <summary>How a line looks.</summary>
    [Setting("combined, json, or a template of $variables")]
    public LogFormat Format { get; init; } = LogFormat.Combined;

    /// <summary>True when nothing is logged.</summary>
    public bool IsOff => File.IsOff && Syslog is null;

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (!File.IsOff && Syslog is not null)
            faults.Report("syslog", $"found the file '{File}' and the collector {Syslog}, expected one of the two");
    }
}
