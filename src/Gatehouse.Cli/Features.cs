using Gatehouse.Config;
using Gatehouse.Config.Acme;
using Gatehouse.Config.Dns;
using Gatehouse.Config.HttpBin;
using Gatehouse.Edge.Access;
using Gatehouse.Edge.Auth;
using Gatehouse.Edge.Compression;
using Gatehouse.Edge.Errors;
using Gatehouse.Edge.Files;
using Gatehouse.Edge.Headers;
using Gatehouse.Edge.Limits;
using Gatehouse.Edge.Logs;
using Gatehouse.Edge.Proxy;
using Gatehouse.Edge.Redirect;
using Gatehouse.Edge.Respond;
using Gatehouse.Edge.Rewrite;
using Gatehouse.Edge.Routing;
using Gatehouse.Edge.Timeouts;
using Gatehouse.Gateways.Asgi;
using Gatehouse.Gateways.Cgi;
using Gatehouse.Gateways.FastCgi;
using Gatehouse.Gateways.Run;
using Gatehouse.Gateways.Scgi;
using Gatehouse.Gateways.Uwsgi;
using Gatehouse.Gateways.Wsgi;

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
        new CgiFeature(),
        new FastCgiFeature(),
        new ScgiFeature(),
        new UwsgiFeature(),
        new WsgiFeature(),
        new AsgiFeature(),
        new RunFeature(),
        new HttpBinFeature(),
        new HeadersFeature(),
        new ErrorsFeature(),
        new AccessFeature(),
        new AuthFeature(),
        new LimitsFeature(),
        new TimeoutsFeature(),
        new RewriteFeature(),
        new AcmeServerFeature(),
        new DnsOverHttpsFeature(),
    ];

    public static IReadOnlyList<Section> Sections { get; } = [new AcmeSection(), new DnsSection(), new ResolverSection()];
}
