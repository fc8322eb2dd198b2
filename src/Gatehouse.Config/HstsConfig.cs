using Gatehouse.Http.Settings;

namespace Gatehouse.Config;

/// <summary>Whether answers over TLS tell browsers to come over TLS only (RFC 6797).</summary>
public sealed record HstsConfig
{
    /// <summary>Whether they do.</summary>
    [Setting("auto for sites whose names are all public and whose certificate is not from the local authority; on; off")]
    [Shorthand]
    public SiteSwitch Mode { get; init; }

    /// <summary>How long browsers keep to it. One day, until a person is sure; preload lists ask for a year.</summary>
    [Setting("How long browsers keep to it")]
    [Bounds("0", "3650d")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Whether it holds for the names below as well.</summary>
    [Setting("Whether it holds for every name below as well")]
    public bool IncludeSubdomains { get; init; }

    /// <summary>The value of the field.</summary>
    public string Field => $"max-age={(long)MaxAge.TotalSeconds}{(IncludeSubdomains ? "; includeSubDomains" : "")}";
}
