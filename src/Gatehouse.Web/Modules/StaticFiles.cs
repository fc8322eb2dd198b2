using Gatehouse.Edge.Files;
using Gatehouse.Http;
using Gatehouse.Net.Reactors;

namespace Gatehouse.Web;

/// <summary>The files of a folder; on the reactor, as everything of the edge.</summary>
internal sealed class StaticFiles(FilesConfig config) : IHandler
{
    private IHandler? _handler;

    /// <summary>Gets ready for requests.</summary>
    public void Open(IReadOnlyList<Reactor> reactors) => _handler = FileStores.Serve(config, reactors);

    public ValueTask HandleAsync(Exchange exchange) => _handler!.HandleAsync(exchange);
}
