namespace Gatehouse.Config.Yaml;

/// <summary>What a configuration may hold at most. Far above any that a person writes, and low enough that a hostile one costs little.</summary>
internal static class YamlLimits
{
    /// <summary>Bytes of one file.</summary>
    public const int FileBytes = 4 << 20;

    /// <summary>Bytes of all files of a configuration.</summary>
    public const int TotalBytes = 16 << 20;

    /// <summary>Lists and mappings inside each other; YAML itself sets no limit, and each level is a stack frame here.</summary>
    public const int Depth = 64;

    /// <summary>Nodes of all files of a configuration, those under an alias counted each time it stands (a billion laughs end here).</summary>
    public const int Nodes = 100_000;

    /// <summary>Files that a configuration includes.</summary>
    public const int Includes = 1_000;

    /// <summary>Bytes of a file that <c>${file:PATH}</c> reads.</summary>
    public const int SecretBytes = 64 << 10;
}
