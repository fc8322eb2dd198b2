using Gatehouse.Edge.Routing;
using Gatehouse.Http;

namespace Gatehouse.Edge.Compression;

/// <summary><c>compress</c>: answers are compressed with what the client accepts.</summary>
public sealed class CompressFeature() : WrapperFeature<CompressConfig>("compress", "Compress answers with what the client accepts", ordinal: 60)
{
    /// <inheritdoc/>
    public override IHandler? Wrap(CompressConfig config, IHandler inner, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Enabled ? new CompressHandler(config, inner) : null;
    }
}
