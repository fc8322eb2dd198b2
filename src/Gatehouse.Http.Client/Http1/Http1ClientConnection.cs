using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Client.Http1;

/// <summary>
/// One HTTP/1 connection to a server: a request is written to <see cref="Output"/> and flushed, then the response's head and body are read. A state
/// machine on its reactor with at most one wait to read and one to write; it belongs to one request from <see cref="ConnectionPool.TryRent"/> to
/// <see cref="Release"/>. No call blocks and, in the steady state, none allocates.
/// </summary>
public sealed partial class Http1ClientConnection : ITransportEvents, ITimerTarget, IAbortObserver, IResponseSource
{
    private readonly ConnectionPool _pool;
    private readonly ReactorTimer _timer;
    private readonly ReactorWait<int> _read = new();
    private readonly ReactorWait<bool> _write = new();
    private readonly Http1BodyDecoder _body = new();
    private Transport _transport = null!;
    private InputBuffer _input = null!;
    private ReactorTimer? _sendTimer;
    private ReadStep _step;
    private Memory<byte> _destination;
    private ClientException? _fault;
    private int _errno;
    private int _interims;
    private bool _isIdle;
    private bool _isPrivate;
    private bool _isClosed;
    private bool _hasResponseByte;
    private bool _hasExcess;

    private Http1ClientConnection(ConnectionPool pool)
    {
        pool.Open();
        _pool = pool;
        _timer = new ReactorTimer(pool.Reactor, this);
        Response = new Http1ResponseParser(pool.Limits);
    }

    private enum ReadStep : byte
    {
        None,
        Connect,
        Head,
        Body,
        News,
    }

    /// <summary>The response's head, after <see cref="ReadHeadAsync"/>; its offsets are into <see cref="HeadBuffer"/>.</summary>
    public Http1ResponseParser Response { get; }

    /// <summary>The buffer that the response's head lies in, until the body is read to its end or the connection released.</summary>
    public byte[] HeadBuffer => _input.Buffer;

    /// <summary>Where the request is written; <see cref="FlushAsync"/> sends it.</summary>
    public OutputBuffer Output { get; private set; } = null!;

    /// <summary>Where the connection goes.</summary>
    public Endpoint Endpoint => _pool.Endpoint;

    /// <summary>True when this connection has carried a request before: the server may have closed it at the very moment it was used again.</summary>
    public bool IsReused { get; private set; }

    /// <summary>Counts the requests it has carried: who goes on using it beside the reading of a response finds out that its own is over.</summary>
    public int Generation { get; private set; }

    /// <summary>
    /// True while more of the request's body is to come: set after <see cref="Begin"/> by whoever streams a body beside the reading of the response, and
    /// cleared when its last byte has been flushed. Until then the time limit for the response does not run, and a connection that is released is closed,
    /// because the server would take the next request for the rest of this one.
    /// </summary>
    public bool IsRequestOpen
    {
        get;
        set
        {
            field = value;
            if (!value)
                RequestSent();
        }
    }

    /// <summary>Makes a connection for <paramref name="pool"/>.</summary>
    /// <exception cref="ClientException">It was refused or not made in time.</exception>
    internal static async ValueTask<Http1ClientConnection> ConnectAsync(ConnectionPool pool, ReadOnlyMemory<byte> preamble = default)
    {
        var connection = new Http1ClientConnection(pool);
        try
        {
            var transport = Connector.Connect(pool.Reactor, pool.Endpoint, connection);
            connection.Adopt(preamble.IsEmpty && pool.Tls is { } tls ? TlsTransport.Connect(transport, tls.Client, tls.Name, connection) : transport);
            await connection.Wait(ReadStep.Connect, default, pool.Timeouts.Connect);
            if (!preamble.IsEmpty)
                await connection.SendPreambleAsync(preamble);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
        return connection;
    }

    /// <summary>A connection of <paramref name="pool"/> over a transport that stands already.</summary>
    internal static Http1ClientConnection Over(ConnectionPool pool, Transport transport)
    {
        var connection = new Http1ClientConnection(pool);
        connection.Adopt(transport);
        transport.Events = connection;
        return connection;
    }

    // A socket that is new takes a few hundred bytes at once.
    private ValueTask SendPreambleAsync(ReadOnlyMemory<byte> preamble)
    {
        _isPrivate = true;
        if (_transport.Write(preamble.Span) is not { IsDone: true } result || result.Count != preamble.Length)
            throw new ClientException(ClientFault.Connect, $"{_pool.Endpoint} does not take the {preamble.Length} bytes in front of the request");
        return _pool.Tls is { } tls ? StartTlsAsync(tls) : default;
    }

    /// <summary>Begins TLS with the end of a tunnel; the connection is to that end from now on.</summary>
    /// <exception cref="ClientException">The handshake failed or took too long.</exception>
    internal async ValueTask StartTlsAsync(ClientTls tls)
    {
        if (_input.Available > 0)
            throw new ClientException(ClientFault.Connect, $"the proxy at {_pool.Endpoint} sent bytes into the tunnel before TLS began");
        _input.Release();
        Adopt(TlsTransport.Connect(_transport, tls.Client, tls.Name, this));
        await Wait(ReadStep.Connect, default, _pool.Timeouts.Connect);
    }

    /// <summary>
    /// Gets ready for a response to a request with that method. After a CONNECT that was answered with 2xx it is to a request through the tunnel.
    /// </summary>
    public void Begin(Method method)
    {
        _input.Unhold();
        Response.Reset(method);
        _interims = 0;
        _hasResponseByte = _hasExcess = false;
        IsRequestOpen = false;
    }

    /// <summary>
    /// Gives the connection back: to rest when the response was read to its end and both sides keep it, else it is closed.
    /// </summary>
    public void Release()
    {
        Generation++;
        if (_isClosed)
            return;
        if (_isPrivate || !IsClean || !IsSilent() || !_pool.TryKeep(this))
        {
            Dispose();
            return;
        }
        _input.Unhold();
        // The next response is likely of this one's size, and one read takes what fits.
        _input.FirstSize = _body.Received > BufferPool.BufferSize / 2 ? BufferPool.LargeSize : BufferPool.BufferSize;
        _isIdle = true;
        IsReused = true;
        _timer.Arm(_pool.Timeouts.KeepAlive.Ticks / TimeSpan.TicksPerMillisecond);
    }

    /// <summary>Where it goes, for messages.</summary>
    public override string ToString() => $"the connection to {_pool.Endpoint}";

    /// <summary>Closes the connection; waits in progress end with a failure.</summary>
    public void Dispose() => Close(null);

    /// <summary>The client for whom this request is made went away: nobody wants the response.</summary>
    public void OnClientAborted() => Dispose();

    /// <summary>Taken out of the pool.</summary>
    internal void Leave() => _isIdle = false;

    private bool IsClean => _body.IsComplete && Response is { KeepAlive: true, IsTunnel: false, IsInterim: false, Status: > 0 }
        && !IsRequestOpen && !Output.HasPending && _errno == 0 && _input.Available == 0 && !_hasExcess;

    // Nothing may follow a response. Where all that was read fitted exactly, this is also the read that finds nothing more and so makes the transport tell of
    // the server's end while the connection is at rest.
    private bool IsSilent()
    {
        Span<byte> probe = stackalloc byte[1];
        return _transport.Read(probe).IsWouldBlock;
    }

    private void Adopt(Transport transport)
    {
        _transport = transport;
        _input = new InputBuffer(transport);
        Output = new OutputBuffer(transport);
    }

    private void Close(ClientException? fault)
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _fault = fault;
        Generation++;
        _pool.Forget(this, _isIdle);
        _isIdle = false;
        _timer.Release();
        _sendTimer?.Release();
        // Null when there was not even a socket.
        if (_transport is not null)
        {
            _transport.Close();
            _input.Release();
            Output.Break(0);
        }
        if (_write.IsPending)
            _write.SetException(Closed());
        if (!_read.IsPending)
            return;
        EndStep();
        _read.SetException(Closed());
    }

    private ClientException Closed() => _fault ?? new ClientException(ClientFault.Truncated, $"the connection to {_pool.Endpoint} was closed by this side");
}
