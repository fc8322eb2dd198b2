using Gatehouse.Http.Server.Http1;
using Gatehouse.Http.Server.Http2;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;

namespace Gatehouse.Http.Server;

/// <summary>What one server keeps on one reactor: its connections there, idle exchanges, the date. Touched on that reactor only.</summary>
internal sealed class ServerReactor(HttpServer server, Reactor reactor) : ITimerTarget
{
    // An idle exchange holds about 3 KB; these serve the bursts of one reactor, more are left to the collector.
    private const int RetainedExchanges = 256;
    private readonly Stack<Http1Exchange> _exchanges = new(RetainedExchanges);
    private readonly Stack<Http2Exchange> _streams = new(RetainedExchanges);
    private ReactorTimer? _drainTimer;
    private ServerConnection? _first;

    public HttpServer Server { get; } = server;

    public Reactor Reactor { get; } = reactor;

    public DateHeader Date { get; } = new();

    /// <summary>Connections open here.</summary>
    public int Connections { get; private set; }

    /// <summary>Set once the server drains: every answer then closes its connection.</summary>
    public bool IsDraining { get; private set; }

    public Http1Exchange RentExchange() => _exchanges.TryPop(out var exchange) ? exchange : new Http1Exchange(this);

    public void ReturnExchange(Http1Exchange exchange)
    {
        if (_exchanges.Count < RetainedExchanges)
            _exchanges.Push(exchange);
    }

    public Http2Exchange RentStream() => _streams.TryPop(out var exchange) ? exchange : new Http2Exchange(this);

    public void ReturnStream(Http2Exchange exchange)
    {
        if (_streams.Count < RetainedExchanges)
            _streams.Push(exchange);
    }

    public void Add(ServerConnection connection)
    {
        connection.Next = _first;
        if (_first is not null)
            _first.Previous = connection;
        _first = connection;
        Connections++;
        Server.ConnectionOpened();
    }

    public void Remove(ServerConnection connection)
    {
        if (connection.Previous is null)
            _first = connection.Next;
        else
            connection.Previous.Next = connection.Next;
        if (connection.Next is not null)
            connection.Next.Previous = connection.Previous;
        connection.Next = connection.Previous = null;
        Connections--;
        Server.ConnectionClosed();
    }

    /// <summary>
    /// Answers close their connections from now on; idle ones are closed after a moment in which a request already on its way can still arrive.
    /// </summary>
    public void BeginDrain()
    {
        if (IsDraining)
            return;
        IsDraining = true;
        _drainTimer = new ReactorTimer(Reactor, this);
        _drainTimer.Arm((long)HttpServer.IdleGrace.TotalMilliseconds);
        for (var connection = _first; connection is not null;)
        {
            var next = connection.Next;
            connection.OnDrain();
            connection = next;
        }
    }

    /// <summary>Closes everything that is still open.</summary>
    public void CloseAll()
    {
        // A copy, as the end of one handler may let others end.
        var open = new List<ServerConnection>(Connections);
        for (var connection = _first; connection is not null; connection = connection.Next)
            open.Add(connection);
        foreach (var connection in open)
            connection.Kill();
    }

    void ITimerTarget.OnTimer()
    {
        for (var connection = _first; connection is not null;)
        {
            var next = connection.Next;
            connection.CloseIfIdle();
            connection = next;
        }
    }
}
