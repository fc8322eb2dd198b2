using Gatehouse.Edge.Files;
using Gatehouse.Edge.Routing;
using Gatehouse.Gateways.Peers;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Http;

namespace Gatehouse.Gateways.Cgi;

/// <summary><c>cgi</c>: runs scripts as CGI has it. The folder of the route's pattern is stripped from the path.</summary>
public sealed class CgiFeature() : HandlerFeature<CgiConfig>("cgi", "Run the CGI scripts of a folder")
{
    /// <inheritdoc/>
    public override IHandler Build(CgiConfig config, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        var files = config.SendFiles.Count == 0 ? null : new NamedFiles(context.Service<FileStores>(), config.SendFiles.Select(folder => folder.Value));
        return new CgiHandler(new CgiRules(config, context.Pattern.Prefix, new ScriptAnswer(context.Site, files), context.Service<GatewayLog>()));
    }
}
