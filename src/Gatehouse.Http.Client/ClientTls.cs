using Gatehouse.Net.Tls;

namespace Gatehouse.Http.Client;

/// <summary>How a connection speaks TLS.</summary>
/// <param name="Client">The settings and the sessions.</param>
/// <param name="Name">The name or address that the server's certificate must be for.</param>
public sealed record ClientTls(TlsClient Client, string Name);
