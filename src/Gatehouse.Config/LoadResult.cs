namespace Gatehouse.Config;

/// <summary>What came of reading a configuration.</summary>
/// <param name="Config">The configuration; null when there is a fault.</param>
/// <param name="Faults">Every fault, in the order of the file; empty when there is none.</param>
/// <param name="Files">The files read, as faults name them, the configuration itself first.</param>
/// <param name="Secrets">Texts that came from <c>${file:PATH}</c>, which are printed nowhere.</param>
public sealed record LoadResult(ServerConfig? Config, IReadOnlyList<ConfigFault> Faults, IReadOnlyList<string> Files, IReadOnlySet<string> Secrets);
