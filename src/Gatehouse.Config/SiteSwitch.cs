namespace Gatehouse.Config;

/// <summary>Whether a site does something that depends on what it is.</summary>
public enum SiteSwitch
{
    /// <summary>Where it is of use.</summary>
    Auto,

    /// <summary>Always.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}
