using System.Text;
using Gatehouse.Http;

namespace Gatehouse.Edge.Tests.Support;

/// <summary>A handler made of a function, for a wrapper to wrap; counts its calls.</summary>
internal sealed class Inner(Func<Exchange, ValueTask> answer) : IHandler
{
    private int _calls;

    public static Inner Says(string body, int status = 200) => new(exchange =>
    {
        exchange.Response.Status = status;
        return exchange.SendAsync(Encoding.UTF8.GetBytes(body));
    });

    public static Inner Fails(int status) => new(exchange =>
    {
        exchange.Response.Status = status;
        return default;
    });

    public int Calls => Volatile.Read(ref _calls);

    public ValueTask HandleAsync(Exchange exchange)
    {
        Interlocked.Increment(ref _calls);
        return answer(exchange);
    }
}
