using Gatehouse.Edge.Routing;

namespace Gatehouse.Config;

/// <summary>A feature that a site or a route uses, with its settings.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Config">Its settings, an instance of <see cref="Feature.ConfigType"/>.</param>
public sealed record FeatureUse(Feature Feature, object Config);

/// <summary>A section of the top level, with its settings.</summary>
/// <param name="Section">The section.</param>
/// <param name="Config">Its settings, an instance of <see cref="Section.ConfigType"/>.</param>
public sealed record SectionUse(Section Section, object Config);
