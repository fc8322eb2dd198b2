using Gatehouse.Http.Server;
using Gatehouse.Net.Tls;

namespace Gatehouse.AspNetCore;

/// <summary>How an application of ASP.NET Core is served.</summary>
public sealed class GatehouseServerOptions
{
    /// <summary>
    /// Runs the application on the reactor that its connection lives on, instead of on the thread pool: saves two changes of thread for each request, and holds
    /// up every other connection of that reactor while a request computes or blocks. For applications that do neither.
    /// </summary>
    public bool RunsInline { get; set; }

    /// <summary>How many reactors there are; as many as the process may use cores when 0.</summary>
    public int Reactors { get; set; }

    /// <summary>What a client's connection may cost at most. A request can set limits of its own by ASP.NET Core's features.</summary>
    public ServerLimits Limits { get; set; } = ServerLimits.Default;

    /// <summary>
    /// What https addresses present; when null, a certificate of this machine's local authority (<c>gatehouse ca</c>), which is made when there is none.
    /// </summary>
    public ICertificateSource? Certificates { get; set; }

    /// <summary>Whether clients of https addresses are asked for a certificate.</summary>
    public TlsClientAuth ClientCertificates { get; set; }

    /// <summary>Whose certificates are good for clients; DER.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ClientAuthorities { get; set; } = [];

    /// <summary>
    /// The folder of the local authority and its certificates; when null, $GATEHOUSE_STATE, else the XDG state folder, else /var/lib/gatehouse.
    /// </summary>
    public string? State { get; set; }

    /// <summary>
    /// Whether bodies may be read and written by calls that block their thread, which they never may on a reactor; false unless set, as with Kestrel.
    /// </summary>
    public bool AllowSynchronousIO { get; set; }
}
