using Gatehouse.Gateways.Python;
using Gatehouse.Http.Settings;

namespace Gatehouse.Gateways.Wsgi;

/// <summary>A WSGI application and its workers.</summary>
public sealed record WsgiConfig : PythonConfig
{
    /// <summary>Threads of each worker.</summary>
    [Setting("Threads of each worker, each of which runs one request; a worker that is killed takes the requests of all its threads along")]
    [Bounds(1, 64)]
    public int Threads { get; init; } = 1;
}
