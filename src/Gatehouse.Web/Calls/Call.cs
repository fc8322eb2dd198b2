using System.Threading.Tasks.Sources;
using Gatehouse.Http;
using Gatehouse.Http.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>
/// One request as the framework sees it. It stands beside its exchange and is used again with it, so that a request allocates nothing; what application code
/// may keep is a <see cref="Web.Context"/>, which is the request's own and ends with it. It also carries a request to the thread pool and back.
/// </summary>
internal sealed class Call : IThreadPoolWorkItem, IValueTaskSource, IResponseFilter
{
    private readonly (int Start, int Length)[] _values = new (int, int)[RoutePattern.MaxParameters];
    private ManualResetValueTaskSourceCore<bool> _pool;
    private int _valueCount;
    private Context? _context;
    private AsyncServiceScope? _scope;
    private Dictionary<string, List<string>>? _faults;
    private string? _nonce;
    private List<object>? _ends;

    private Call(Exchange exchange) => Exchange = exchange;

    public Exchange Exchange { get; }

    public Request Request => Exchange.Request;

    public Response Response => Exchange.Response;

    public App App { get; private set; } = null!;

    /// <summary>The route that answers; null for what the framework answers itself.</summary>
    public RouteEndpoint Endpoint { get; private set; } = null!;

    /// <summary>The request for application code: made when first asked for.</summary>
    public Context Context => _context ??= new Context(this);

    /// <summary>The form of the body, once it has been read.</summary>
    public Form? Form { get; set; }

    /// <summary>The JSON of the body, once it has been read.</summary>
    public ReadOnlyMemory<byte> Json { get; set; }

    /// <summary>The session, once it has been loaded.</summary>
    public Session? Session { get; private set; }

    /// <summary>What was wrong with the request: the messages for each field.</summary>
    public Dictionary<string, List<string>>? Faults => _faults;

    public bool HasFaults => _faults is not null;

    /// <summary>What scripts and styles of this answer must name to be let through; made when first asked for, and then part of the answer's policy.</summary>
    public string Nonce => _nonce ??= Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    public bool HasNonce => _nonce is not null;

    /// <summary>The services of this request: a scope, made when first asked for.</summary>
    public IServiceProvider Services => (_scope ??= App.Provider.CreateAsyncScope()).ServiceProvider;

    /// <summary>The call that stands beside an exchange.</summary>
    public static Call Of(Exchange exchange)
    {
        if (exchange.Companion is Call call)
            return call;
        call = new Call(exchange);
        exchange.Companion = call;
        return call;
    }

    /// <summary>Begins a request: finds its route.</summary>
    public RouteEndpoint Begin(App app, RouteTable routes)
    {
        App = app;
        _nonce = null;
        Session = null;
        var search = new RouteSearch(Request, _values);
        Endpoint = routes.Find(ref search) ?? app.Unrouted.For(Request, search.Passed, Response);
        _valueCount = search.Count;
        return Endpoint;
    }

    /// <summary>The value of a parameter of the route; false when it is optional and absent.</summary>
    public bool TryGetValue(int index, out ReadOnlySpan<byte> value)
    {
        if (index >= _valueCount)
        {
            value = default;
            return false;
        }
        value = Request.Path.Slice(_values[index].Start, _values[index].Length);
        return true;
    }

    /// <summary>Notes that a field is wrong.</summary>
    public void Fault(string field, string message)
    {
        _faults ??= new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        if (!_faults.TryGetValue(field, out var messages))
            _faults.Add(field, messages = []);
        messages.Add(message);
    }

    /// <summary>Takes what was wrong, so that the request is not refused for it.</summary>
    public Dictionary<string, List<string>>? TakeFaults()
    {
        var faults = _faults;
        _faults = null;
        return faults;
    }

    /// <summary>The session, loaded when first asked for.</summary>
    public ValueTask<Session> SessionAsync() => Session is { } session ? new ValueTask<Session>(session) : LoadAsync();

    /// <summary>Has something disposed of when the request is over.</summary>
    public void EndsWith(object owned) => (_ends ??= []).Add(owned);

    /// <summary>Runs the endpoint where it belongs.</summary>
    public ValueTask RunAsync()
    {
        Exchange.AddFilter(this);
        if (Endpoint.IsInline)
            return Answer();
        _pool.Reset();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return new ValueTask(this, _pool.Version);
    }

    void IThreadPoolWorkItem.Execute()
    {
        ValueTask task;
        try
        {
            task = Answer();
        }
        catch (Exception exception)
        {
            _pool.SetException(exception);
            return;
        }
        if (task.IsCompletedSuccessfully)
            _pool.SetResult(true);
        else
            _ = FinishAsync(task);
    }

    IBodyTransform? IResponseFilter.OnResponse(Exchange exchange)
    {
        if (Session is { } session)
            session.Keeper.AddCookie(this, session);
        App.Security.Apply(this);
        return null;
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _pool.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _pool.OnCompleted(continuation, state, token, flags);

    void IValueTaskSource.GetResult(short token) => _pool.GetResult(token);

    private async ValueTask<Session> LoadAsync() => Session = await App.Keeper.LoadAsync(this);

    private async Task FinishAsync(ValueTask task)
    {
        try
        {
            await task;
        }
        catch (Exception exception)
        {
            _pool.SetException(exception);
            return;
        }
        _pool.SetResult(true);
    }

    // The handler, then what must be seen to when it is done. Without anything to see to, nothing is awaited.
    private ValueTask Answer()
    {
        ValueTask task;
        try
        {
            task = Endpoint.Handler.HandleAsync(Exchange);
        }
        catch (Exception exception)
        {
            return EndAsync(ValueTask.FromException(exception));
        }
        return task.IsCompletedSuccessfully && IsPlain ? default : EndAsync(task);
    }

    private bool IsPlain => _context is null && _scope is null && _faults is null && _ends is null && Form is null && Json.IsEmpty && Session is null;

    private async ValueTask EndAsync(ValueTask task)
    {
        try
        {
            try
            {
                await task;
                if (Session is { } session)
                    await session.Keeper.CommitAsync(session, Exchange.Aborted);
            }
            catch (Exception exception) when (!Response.HasStarted && Failures.IsOurs(this, exception))
            {
                // What a request that failed has changed is not kept.
                Session = null;
                await Failures.AnswerAsync(this, exception);
            }
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    private async ValueTask ReleaseAsync()
    {
        _context?.End();
        _context = null;
        Form?.Dispose();
        Form = null;
        Json = default;
        _faults = null;
        if (_scope is { } scope)
        {
            _scope = null;
            await scope.DisposeAsync();
        }
        if (_ends is { } ends)
        {
            _ends = null;
            foreach (var owned in ends)
            {
                if (owned is IAsyncDisposable later)
                    await later.DisposeAsync();
                else
                    ((IDisposable)owned).Dispose();
            }
        }
    }
}
