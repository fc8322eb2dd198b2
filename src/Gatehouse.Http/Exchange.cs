using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gatehouse.Http.Tasks;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Tls;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Http;

/// <summary>
/// One request and its answer, whatever protocol and transport carry them. Drivers implement it; handlers see this and never a socket.
/// Every member may be called from any thread, one call at a time: inline on the connection's reactor, posted to it from elsewhere.
/// </summary>
public abstract class Exchange
{
    // An idle exchange keeps the room of a usual piece, not that of the largest body it ever sent.
    private const int RetainedBytes = 64 * 1024;

    private readonly List<IResponseFilter> _filters = [];
    private readonly List<IExchangeObserver> _observers = [];
    private List<IBodyTransform>? _transforms;
    private ArrayBufferWriter<byte>? _transformed;

    /// <summary>The request's head.</summary>
    public Request Request { get; } = new();

    /// <summary>The answer's head.</summary>
    public Response Response { get; } = new();

    /// <summary>What is noted about this exchange for logs and metrics.</summary>
    public ExchangeNotes Notes { get; } = new();

    /// <summary>
    /// What an application framework keeps beside the exchange. A connection uses its exchange again, and a new request leaves this as it is, so that a
    /// request allocates nothing.
    /// </summary>
    public object? Companion { get; set; }

    /// <summary><see cref="Stopwatch.GetTimestamp"/> when the request's head was complete, or just before: drivers read the clock once for many requests.</summary>
    public long StartedAt { get; protected set; }

    /// <summary>The peer of the connection (see <see cref="Request.Client"/> for the client behind trusted proxies).</summary>
    public abstract Endpoint RemoteEndpoint { get; }

    /// <summary>What TLS agreed on with the peer; null without TLS.</summary>
    public virtual TlsFacts? Tls => null;

    /// <summary>This side of the connection.</summary>
    public abstract Endpoint LocalEndpoint { get; }

    /// <summary>
    /// Cancelled when the client's connection breaks or the request's time is up (<see cref="Expire"/>). Made when first asked for: for application code;
    /// built-in handlers set <see cref="AbortObserver"/>.
    /// </summary>
    public abstract CancellationToken Aborted { get; }

    /// <summary>True once the client's connection broke: nothing that is sent will arrive.</summary>
    public abstract bool IsAborted { get; }

    /// <summary>Bytes that the request's body may have; a wrapper sets a route's own limit before anything is read.</summary>
    public long BodyLimit { get; set; }

    /// <summary>How long one read of the request's body may wait for the client; a wrapper sets a route's own limit before anything is read.</summary>
    public TimeSpan BodyTime { get; set; }

    /// <summary>How fast the request's body must come; a handler sets its own before anything is read.</summary>
    public RateFloor BodyRate { get; set; }

    /// <summary>How fast the client must take the answer where it holds it up; a handler sets its own before it answers.</summary>
    public RateFloor SendRate { get; set; }

    /// <summary>
    /// What a handler keeps with the client's connection from request to request; null at first, gone with the connection. On the reactor only.
    /// </summary>
    public virtual object? ConnectionState { get; set; }

    /// <summary>True once the request's time is up: what is begun for it now is in vain.</summary>
    public bool IsExpired { get; private set; }

    /// <summary>
    /// Who is told, on the reactor, that the client's connection broke while the handler runs, or that the request's time is up. Set to null by each new
    /// request.
    /// </summary>
    public IAbortObserver? AbortObserver { get; set; }

    /// <summary>
    /// Reads of the request's body what is there, waiting for at least one byte; 0 at its end. Sends 100 (Continue) first when the client waits for it.
    /// </summary>
    /// <exception cref="BadRequestException">
    /// The body is malformed (400), too large (413) or too slow (408), or the connection broke (499); the answer for it is in the exception.
    /// </exception>
    public abstract ValueTask<int> ReadAsync(Memory<byte> buffer);

    /// <summary>Sends an interim answer: 103 (Early Hints, RFC 8297) or another 1xx. Does nothing where the client's protocol has none (HTTP/1.0).</summary>
    public abstract ValueTask SendInterimAsync(int status, HeaderList headers);

    /// <summary>
    /// Sends the head with what <see cref="Response"/> holds and switches to raw bytes: 101 after an Upgrade, or 2xx to a CONNECT.
    /// Ends with the exchange; the handler returns when the tunnel is done.
    /// </summary>
    public abstract ValueTask<Duplex> UpgradeAsync();

    /// <summary>
    /// Adds a filter that sees the answer's head before it is sent. The filter added last is asked first: it is the one nearest to the handler.
    /// </summary>
    public void AddFilter(IResponseFilter filter) => _filters.Add(filter);

    /// <summary>Adds who looks at the exchange once it is over.</summary>
    public void AddObserver(IExchangeObserver observer) => _observers.Add(observer);

    /// <summary>
    /// Sends <paramref name="body"/> as the whole body of the answer, or as its last part when it has begun. It may be reused when the task completes.
    /// </summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> body)
    {
        if (!Response.HasStarted)
        {
            Response.ContentLength = body.Length;
            Begin();
        }
        return _transforms is null ? WriteCoreAsync(body, end: true) : WriteTransformedAsync(body, end: true);
    }

    /// <summary>
    /// Sends a part of the body, after the head if that has not been sent. <paramref name="data"/> may be reused when the task completes, which is when the
    /// transport has taken it: back-pressure.
    /// </summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> data)
    {
        if (!Response.HasStarted)
            Begin();
        return _transforms is null ? WriteCoreAsync(data, end: false) : WriteTransformedAsync(data, end: false);
    }

    /// <summary>
    /// Sends <paramref name="count"/> bytes of a file from <paramref name="offset"/> as the next part of the body, by sendfile where the transport has it.
    /// </summary>
    public ValueTask SendFileAsync(SafeFileHandle file, long offset, long count)
    {
        if (!Response.HasStarted)
            Begin();
        return _transforms is null ? SendFileCoreAsync(file, offset, count) : SendFileTransformedAsync(file, offset, count);
    }

    /// <summary>Ends the answer, sending the head if that has not been sent. The driver does it for a handler that returns without.</summary>
    public ValueTask CompleteAsync()
    {
        if (!Response.HasStarted)
        {
            // To HEAD and with 304 the length is that of a body that is not sent, and may well be unknown (RFC 9110 section 8.6).
            if (Response.ContentLength < 0 && Request.Method != Method.Head && Response.Status != 304)
                Response.ContentLength = 0;
            Begin();
        }
        return _transforms is null ? WriteCoreAsync(default, end: true) : WriteTransformedAsync(default, end: true);
    }

    /// <summary>Drops the connection (or resets the stream): the only honest end for an answer that began and cannot be finished.</summary>
    public abstract void Abort();

    /// <summary>As <see cref="Abort()"/>, and tells the client why where its protocol has words for that: an error code of HTTP/2 (RFC 9113 section 7).</summary>
    public virtual void Abort(uint errorCode) => Abort();

    /// <summary>
    /// The request's time is up before an answer began: tells the <see cref="AbortObserver"/>, cancels <see cref="Aborted"/> and ends a read of the body with
    /// 408, so that the handler ends. What it awaits may resume, and the exchange may be another request's, before this returns. On the reactor.
    /// </summary>
    public virtual void Expire()
    {
        IsExpired = true;
        AbortObserver?.OnClientAborted();
    }

    /// <summary>Sends <paramref name="data"/> with the head before it if that is still due; <paramref name="end"/> ends the answer.</summary>
    protected abstract ValueTask WriteCoreAsync(ReadOnlyMemory<byte> data, bool end);

    /// <summary>Sends a part of a file, with the head before it if that is still due.</summary>
    protected abstract ValueTask SendFileCoreAsync(SafeFileHandle file, long offset, long count);

    /// <summary>Tells those who look at exchanges that this one is over: by the driver, once, when the handler is done and the answer is complete or given up.</summary>
    protected void TellObservers()
    {
        for (var i = 0; i < _observers.Count; i++)
            _observers[i].OnEnded(this);
        _observers.Clear();
    }

    /// <summary>Makes the exchange new for the next request.</summary>
    protected void ResetExchange()
    {
        Response.Reset();
        Notes.Reset();
        AbortObserver = null;
        IsExpired = false;
        _filters.Clear();
        _observers.Clear();
        if (_transforms is not null)
            DropTransforms();
        if (_transformed is { Capacity: > RetainedBytes })
            _transformed = null;
    }

    /// <summary>Notes that the head is on its way without asking filters: for a switch of protocols, which has no body to filter.</summary>
    protected void MarkStarted() => Response.HasStarted = true;

    private void Begin()
    {
        if (Response.Status < 200)
        {
            throw new InvalidOperationException(
                $"An answer ends with a status from 200 to 599; found {Response.Status}, which is for SendInterimAsync and UpgradeAsync.");
        }
        // Left by a first try, whose filter failed.
        if (_transforms is not null)
            DropTransforms();
        for (var i = _filters.Count - 1; i >= 0; i--)
        {
            if (_filters[i].OnResponse(this) is { } transform)
                (_transforms ??= []).Add(transform);
        }
        Response.HasStarted = true;
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask WriteTransformedAsync(ReadOnlyMemory<byte> data, bool end)
    {
        await WriteCoreAsync(Transform(data.Span, end), end);
        if (end)
            DropTransforms();
    }

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    private async ValueTask SendFileTransformedAsync(SafeFileHandle file, long offset, long count)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(count, 64 * 1024));
        try
        {
            while (count > 0)
            {
                var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(count, buffer.Length)), offset);
                if (read == 0)
                    throw new EndOfStreamException($"The file ended {count} bytes before the length that was announced.");
                await WriteCoreAsync(Transform(buffer.AsSpan(0, read), last: false), end: false);
                offset += read;
                count -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private ReadOnlyMemory<byte> Transform(ReadOnlySpan<byte> data, bool last)
    {
        var current = data;
        ArrayBufferWriter<byte>? output = null;
        foreach (var transform in _transforms!)
        {
            // Two transforms in one answer are rare; each stage then has a writer of its own.
            output = output is null ? _transformed ??= new ArrayBufferWriter<byte>() : new ArrayBufferWriter<byte>();
            output.ResetWrittenCount();
            transform.Transform(current, last, output);
            current = output.WrittenSpan;
        }
        return output!.WrittenMemory;
    }

    private void DropTransforms()
    {
        foreach (var transform in _transforms!)
            transform.Dispose();
        _transforms = null;
    }
}
