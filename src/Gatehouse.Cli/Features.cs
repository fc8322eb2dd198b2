using Gatehouse.Config;
using Gatehouse.Edge.Compression;
using Gatehouse.Edge.Files;
using Gatehouse.Edge.Logs;
using Gatehouse.Edge.Proxy;
using Gatehouse.Edge.Redirect;
using Gatehouse.Edge.Respond;
using Gatehouse.Edge.Routing;

namespace Gatehouse.Cli;

/// <summary>The one list of all that a configuration can name: handlers, wrappers and sections.</summary>
internal static class Features
{
    public static IReadOnlyList<Feature> All { get; } =
    [
        new RequestIdFeature(),
        new LogFeature(),
        new CompressFeature(),
        new RespondFeature(),
        new RedirectFeature(),
        new FilesFeature(),
        new ProxyFeature(),
    ];

    public static IReadOnlyList<Section> Sections { get; } = [];
}
