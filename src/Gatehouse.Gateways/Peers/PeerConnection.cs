using System.Text;
using Gatehouse.Gateways.Supervision;
using Gatehouse.Http;
using Gatehouse.Http.Client;
using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Cgi;

namespace Gatehouse.Gateways.Peers;

/// <summary>
/// One connection to what answers as a CGI script does (a FastCGI, SCGI or uwsgi server, or a script's own process) for one request at a time: variables and
/// body are written to <see cref="Output"/>, then the head and body of the answer are read. What frames both is the derived class's. A state machine on its
/// reactor with at most one wait to read and one to write; no call blocks and, in the steady state, none allocates.
/// </summary>
internal abstract partial class PeerConnection : ITransportEvents, ITimerTarget, IAbortObserver, IResponseSource
{
    private readonly ReactorTimer _timer;
    private readonly ReactorWait<int> _read = new();
    private readonly ReactorWait<bool> _write = new();
    private ReactorTimer? _sendTimer;
    private bool _isConnecting;
    private ScriptPlace _place;
    private GatewayLog? _log;
    private ScriptErrors? _errors;
    private ClientException? _fault;

    /// <summary>A connection that stands nowhere yet.</summary>
    /// <param name="reactor">Where it lives.</param>
    /// <param name="name">How messages call the peer.</param>
    /// <param name="timeouts">How long it may take for each step.</param>
    protected PeerConnection(Reactor reactor, string name, ClientTimeouts timeouts)
    {
        Reactor = reactor;
        Name = name;
        Timeouts = timeouts;
        _timer = new ReactorTimer(reactor, this);
    }

    /// <summary>How messages call the peer.</summary>
    public string Name { get; }

    /// <summary>The answer's head, after <see cref="ReadHeadAsync"/>.</summary>
    public CgiResponseParser Response { get; } = new();

    /// <summary>Where the request is written; <see cref="FlushAsync"/> sends it.</summary>
    public OutputBuffer Output { get; private set; } = null!;

    /// <summary>True when it has carried a request before: the peer may have closed it at the very moment it was used again.</summary>
    public bool IsReused { get; protected set; }

    /// <summary>True once it was closed; it is never used again.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>
    /// True while more of the request is to come, beside the reading of the answer. Until then the time limit for the answer does not run, and a connection
    /// that is released is closed.
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

    /// <summary>Bytes in front of each piece of a body that <see cref="FrameBody"/> fills.</summary>
    public virtual int FrameLength => 0;

    /// <summary>Bytes that one piece of a body can have.</summary>
    public virtual int MaxPiece => int.MaxValue;

    /// <summary>The reactor it lives on.</summary>
    protected Reactor Reactor { get; }

    /// <summary>The time limits.</summary>
    protected ClientTimeouts Timeouts { get; }

    private Exchange? Exchange { get; set; }

    /// <summary>The errno of a broken connection, or 0.</summary>
    protected int Errno { get; private set; }

    /// <summary>True between requests, in a pool.</summary>
    protected bool IsIdle { get; set; }

    /// <summary>Gets ready for the answer to the request of <paramref name="exchange"/>, whose script is at <paramref name="place"/>.</summary>
    public void Begin(Exchange exchange, ScriptPlace place, GatewayLog log)
    {
        Exchange = exchange;
        _place = place;
        _log = log;
        BeginReading();
        OnBegin();
        IsRequestOpen = false;
    }

    /// <summary>Writes what stands in front of a piece of the body.</summary>
    public virtual void FrameBody(Span<byte> frame, int count)
    {
    }

    /// <summary>Writes to <see cref="Output"/> what ends the request.</summary>
    public virtual void EndBody()
    {
    }

    /// <summary>Ends the way in, once all of the request has been sent.</summary>
    public virtual void CloseInput()
    {
    }

    /// <summary>The request is over: keeps the connection for another, or closes it.</summary>
    public virtual void Release() => Dispose();

    /// <summary>Closes the connection; waits in progress end with a failure.</summary>
    public void Dispose() => Close(null);

    /// <summary>The client for whom the request is made went away: nobody wants the answer.</summary>
    public void OnClientAborted() => Dispose();

    /// <summary>A request begins.</summary>
    protected virtual void OnBegin()
    {
    }

    /// <summary>Takes what the script writes for the log.</summary>
    protected void TakeErrors(ReadOnlySpan<byte> bytes)
    {
        if (_log is not null)
            (_errors ??= new ScriptErrors(_log)).Take(bytes, SourceOfErrors());
    }

    /// <summary>Uses <paramref name="output"/> for what is sent. What is received the derived class reads.</summary>
    protected void Adopt(Transport output) => Output = new OutputBuffer(output);

    /// <summary>Lets go of all that belongs to the request.</summary>
    protected void EndRequest()
    {
        if (_errors is not null && Exchange is not null)
            _errors.Flush(SourceOfErrors());
        Exchange = null;
        EndReading();
    }

    /// <summary>Completes when the connection stands.</summary>
    /// <exception cref="ClientException">It was refused or not made in time.</exception>
    protected async ValueTask WaitForConnectionAsync()
    {
        _isConnecting = true;
        await WaitForNews((long)Timeouts.Connect.TotalMilliseconds);
    }

    /// <summary>Closes what the derived class has open, and forgets the connection.</summary>
    protected abstract void CloseTransport();

    /// <summary>Ends the connection with this as the reason for who waits.</summary>
    protected void Close(ClientException? fault)
    {
        if (IsClosed)
            return;
        IsClosed = true;
        _fault = fault;
        _timer.Release();
        _sendTimer?.Release();
        CloseTransport();
        EndRequest();
        Output?.Break(0);
        if (_write.IsPending)
            _write.SetException(Closed());
        if (_read.IsPending)
            _read.SetException(Closed());
    }

    // Made only when there is something to tell.
    private Func<string> SourceOfErrors()
    {
        var request = Exchange!.Request;
        return () => Encoding.UTF8.GetString(request.Path[.._place.Prefix]) + Encoding.UTF8.GetString(_place.PathOf(request));
    }

    private ClientException Closed() => _fault ?? new ClientException(ClientFault.Truncated, $"the connection to {Name} was closed by this side");
}
