using Gatehouse.Edge.Routing;
using Gatehouse.Http;

namespace Gatehouse.Edge.Files;

/// <summary><c>files</c>: serves the files of a folder.</summary>
public sealed class FilesFeature() : HandlerFeature<FilesConfig>("files", "Serve the files of a folder")
{
    /// <inheritdoc/>
    public override IHandler Build(FilesConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        return new FilesHandler(config, context.Service<FileStores>().Get(config));
    }
}
