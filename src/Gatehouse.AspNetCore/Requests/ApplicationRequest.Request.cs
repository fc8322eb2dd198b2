using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Gatehouse.AspNetCore.Bodies;
using Gatehouse.AspNetCore.Headers;
using Gatehouse.Http;
using Gatehouse.Protocols;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Gatehouse.AspNetCore.Requests;

/// <summary>The request's side: its head, its body, its life and its limits.</summary>
internal abstract partial class ApplicationRequest : IHttpRequestFeature, IHttpRequestBodyDetectionFeature, IRequestBodyPipeFeature,
    IHttpRequestTrailersFeature, IHttpRequestIdentifierFeature, IHttpRequestLifetimeFeature, IHttpMaxRequestBodySizeFeature,
    IHttpMinRequestBodyDataRateFeature, IHttpMinResponseDataRateFeature, IHttpBodyControlFeature, IConnectionLifetimeNotificationFeature
{
    // What a wait for bytes is bounded by when an application takes the bound away: its own deadlines count then.
    private static readonly TimeSpan NoTime = TimeSpan.FromDays(3650);
    private static readonly string[] MethodNames = [.. Enum.GetValues<Method>().Select(method => Encoding.ASCII.GetString(Methods.Name(method)))];

    private readonly RequestHeaders _requestHeaders = new();
    private readonly RequestBody _requestBody;
    private readonly Stream _requestStream;
    private readonly TargetText _target = new();
    private IHeaderDictionary? _otherRequestHeaders;
    private Stream? _otherStream;
    private PipeReader? _otherReader;
    private HeaderDictionary? _requestTrailers;
    private CancellationTokenSource? _abortedSource;
    private CancellationToken? _otherAborted;
    private string? _traceIdentifier;
    private int _number;

    public string Protocol { get; set; } = "";

    public string Scheme { get; set; } = "";

    public string Method { get; set; } = "";

    public string PathBase { get; set; } = "";

    public string Path { get; set; } = "";

    public string QueryString { get; set; } = "";

    public string RawTarget { get; set; } = "";

    IHeaderDictionary IHttpRequestFeature.Headers { get => _otherRequestHeaders ?? _requestHeaders; set => _otherRequestHeaders = value; }

    Stream IHttpRequestFeature.Body
    {
        get => _otherStream ?? _requestStream;
        set => (_otherStream, _otherReader) = (ReferenceEquals(value, _requestStream) ? null : value, null);
    }

    // Where the application put another stream in the place of the body, the pipe is that stream's.
    PipeReader IRequestBodyPipeFeature.Reader
    {
        get
        {
            if (_otherStream is null)
                return _requestBody;
            if (_otherReader is null)
            {
                _otherReader = PipeReader.Create(_otherStream, new StreamPipeReaderOptions(leaveOpen: true));
                OnCompleted(static reader => ((PipeReader)reader).CompleteAsync().AsTask(), _otherReader);
            }
            return _otherReader;
        }
    }

    public bool CanHaveBody => _exchange.Request.HasBody;

    bool IHttpRequestTrailersFeature.Available => _exchange.Request.Trailers is not null || !_exchange.Request.HasBody;

    IHeaderDictionary IHttpRequestTrailersFeature.Trailers
    {
        get
        {
            if (_requestTrailers is not null)
                return _requestTrailers;
            var trailers = new HeaderDictionary();
            var received = _exchange.Request.Trailers;
            for (var i = 0; i < (received?.Count ?? 0); i++)
                trailers.Append(Encoding.ASCII.GetString(received![i].Name), Encoding.UTF8.GetString(received[i].Value));
            // Behind the end of the body nothing more comes.
            return received is null ? trailers : _requestTrailers = trailers;
        }
    }

    public string TraceIdentifier
    {
        get => _traceIdentifier ??= string.Create(CultureInfo.InvariantCulture, $"{_connection.ConnectionId}:{_number:X8}");
        set => _traceIdentifier = value;
    }

    public CancellationToken RequestAborted
    {
        get
        {
            if (_otherAborted is { } other)
                return other;
            var source = _abortedSource;
            if (source is null)
            {
                source = new CancellationTokenSource();
                source = Interlocked.CompareExchange(ref _abortedSource, source, null) ?? source;
            }
            // Who ends the connection marks that first and looks for the source behind it: one of the two sees the other.
            if ((_hasClientEnded || IsAborted) && !source.IsCancellationRequested)
                CancelAborted();
            return source.Token;
        }
        set => _otherAborted = value;
    }

    public void Abort()
    {
        _isAborted = true;
        _exchange.Abort();
        CancelAborted();
    }

    bool IHttpMaxRequestBodySizeFeature.IsReadOnly => _requestBody.HasBegun || IsUpgraded;

    long? IHttpMaxRequestBodySizeFeature.MaxRequestBodySize
    {
        get => _exchange.BodyLimit == long.MaxValue ? null : _exchange.BodyLimit;
        set
        {
            if (_requestBody.HasBegun || IsUpgraded)
                throw new InvalidOperationException("The maximum request body size cannot be modified after the app has already started reading from the request body.");
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(value));
            _exchange.BodyLimit = value ?? long.MaxValue;
        }
    }

    MinDataRate? IHttpMinRequestBodyDataRateFeature.MinDataRate
    {
        get => RateOf(_exchange.BodyRate);
        set
        {
            _exchange.BodyRate = FloorOf(value);
            if (value is null)
                _exchange.BodyTime = NoTime;
        }
    }

    MinDataRate? IHttpMinResponseDataRateFeature.MinDataRate
    {
        get => RateOf(_exchange.SendRate);
        set => _exchange.SendRate = FloorOf(value);
    }

    public bool AllowSynchronousIO { get; set; }

    CancellationToken IConnectionLifetimeNotificationFeature.ConnectionClosedRequested { get => _settings.Stopping; set => throw new NotSupportedException(); }

    void IConnectionLifetimeNotificationFeature.RequestClose() => _exchange.Response.ClosesConnection = true;

    /// <summary>The body is about to be read, which may move the bytes of the head.</summary>
    public void OnBodyRead() => _requestHeaders.Load();

    private void BeginRequest(Request request)
    {
        Protocol = request.Version switch { HttpVersion.Http2 => HttpProtocol.Http2, HttpVersion.Http11 => HttpProtocol.Http11, _ => HttpProtocol.Http10 };
        Scheme = request.IsSecure ? "https" : "http";
        Method = IsExtendedConnect ? "CONNECT" : request.Method == Gatehouse.Protocols.Method.Other ? Encoding.ASCII.GetString(request.MethodName) : MethodNames[(int)request.Method];
        _target.Take(request);
        RawTarget = _target.Raw;
        Path = _target.Path;
        QueryString = _target.Query;
        AllowSynchronousIO = _settings.AllowSynchronousIO;
        _requestHeaders.Begin(request);
    }

    private void ResetRequest()
    {
        PathBase = "";
        _otherRequestHeaders = null;
        _otherStream = null;
        _otherReader = null;
        _requestTrailers = null;
        _traceIdentifier = null;
        _otherAborted = null;
        // A source that was cancelled, or is about to be, is of no use to the next request.
        if (_isAborted || _hasClientEnded || _abortedSource?.TryReset() == false)
            _abortedSource = null;
    }

    // The callbacks of a token are the application's: never on the reactor.
    private void CancelAborted()
    {
        Interlocked.MemoryBarrier();
        if (_abortedSource is { } source)
            ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), source, preferLocal: false);
    }

    private static MinDataRate? RateOf(RateFloor floor) => floor.BytesPerSecond == 0 ? null : new MinDataRate(floor.BytesPerSecond, floor.Grace);

    private static RateFloor FloorOf(MinDataRate? rate) =>
        rate is null ? default : new RateFloor((int)Math.Min(Math.Ceiling(rate.BytesPerSecond), int.MaxValue), rate.GracePeriod);
}
