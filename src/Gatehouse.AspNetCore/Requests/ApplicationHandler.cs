using Gatehouse.AspNetCore.Connections;
using Gatehouse.Http;
using Gatehouse.Net.Reactors;
using Microsoft.AspNetCore.Hosting.Server;

namespace Gatehouse.AspNetCore.Requests;

/// <summary>The application as a handler: gives each request the features that its connection keeps for it.</summary>
internal sealed class ApplicationHandler<TContext>(IHttpApplication<TContext> application, RequestSettings settings) : IHandler
    where TContext : notnull
{
    public ValueTask HandleAsync(Exchange exchange)
    {
        if (exchange.ConnectionState is not ClientConnection connection)
            exchange.ConnectionState = connection = new ClientConnection(Reactor.Current!, exchange);
        var request = connection.Rent() as RunningRequest<TContext> ?? new RunningRequest<TContext>(application, settings, connection);
        return request.Begin(exchange);
    }
}
