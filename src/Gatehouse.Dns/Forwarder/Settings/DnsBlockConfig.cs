using Gatehouse.Http.Settings;

namespace Gatehouse.Dns.Forwarder.Settings;

/// <summary>Names that are not answered.</summary>
public sealed record DnsBlockConfig
{
    /// <summary>Domains.</summary>
    [Setting("Domains; what is below them is blocked too")]
    [Shorthand]
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Files.</summary>
    [Setting("Files with one domain a line, or like /etc/hosts with names that are blocked alone; read again when they change")]
    public IReadOnlyList<FilePath> Files { get; init; } = [];

    /// <summary>Domains that are not blocked whatever the lists say.</summary>
    [Setting("Domains that are not blocked, whatever the lists say")]
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>How a blocked name is answered.</summary>
    [Setting("How a blocked name is answered: nxdomain (there is none), zero (0.0.0.0 and ::), or refused")]
    [Words("nxdomain", "zero", "refused")]
    public string Answer { get; init; } = "nxdomain";
}
