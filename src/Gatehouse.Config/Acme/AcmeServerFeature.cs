using Gatehouse.Edge.Routing;
using Gatehouse.Http;
using Gatehouse.Pki.Acme.Server;

namespace Gatehouse.Config.Acme;

/// <summary><c>acme</c> at a site: the local authority as an ACME server, as step-ca and Caddy have it.</summary>
public sealed class AcmeServerFeature() : WrapperFeature<AcmeServerConfig>("acme", "Give certificates of the local authority by ACME", ordinal: 67)
{
    /// <inheritdoc/>
    public override IHandler? Wrap(AcmeServerConfig config, IHandler inner, FeatureContext context)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(context);
        return config.Enabled
            ? context.Service<AcmeServers>().For(new AcmeServerSettings { HttpPort = config.HttpPort, TlsPort = config.TlsPort }).Before(inner)
            : null;
    }
}
