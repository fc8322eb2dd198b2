using Gatehouse.Http;
using TechEmpower.Data;

/// <summary>Answers 503 where a test needs the database and none was named.</summary>
internal sealed class Absence(IHandler next) : IHandler
{
    public static IHandler Wrap(IHandler next) => new Absence(next);

    public async ValueTask HandleAsync(Exchange exchange)
    {
        try
        {
            await next.HandleAsync(exchange);
        }
        catch (NoDatabaseException)
        {
            exchange.Response.Status = 503;
        }
    }
}
