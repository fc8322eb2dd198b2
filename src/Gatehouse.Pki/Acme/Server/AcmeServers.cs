using Gatehouse.Pki.Authority;

namespace Gatehouse.Pki.Acme.Server;

/// <summary>The ACME servers of a process: one for each settings, which lives across changes of configuration with its orders and nonces.</summary>
/// <param name="issuer">The authority.</param>
public sealed class AcmeServers(LocalIssuer issuer) : IDisposable
{
    private readonly Dictionary<AcmeServerSettings, AcmeServer> _servers = [];

    /// <summary>The server with these settings.</summary>
    public AcmeServer For(AcmeServerSettings settings)
    {
        lock (_servers)
        {
            if (!_servers.TryGetValue(settings, out var server))
                _servers[settings] = server = new AcmeServer(issuer, issuer.State, settings);
            return server;
        }
    }

    /// <summary>Ends them.</summary>
    public void Dispose()
    {
        lock (_servers)
        {
            foreach (var server in _servers.Values)
                server.Dispose();
        }
    }
}
