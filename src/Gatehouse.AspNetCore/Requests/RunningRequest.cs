using Gatehouse.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;

namespace Gatehouse.AspNetCore.Requests;

/// <summary>A request with the context that its application makes for it, and makes anew in the same object for the next.</summary>
internal sealed class RunningRequest<TContext> : ApplicationRequest, IHostContextContainer<TContext>
    where TContext : notnull
{
    private readonly IHttpApplication<TContext> _application;
    private readonly Action _onProcessed;
    private readonly ContextCallback _endInContext;
    private TContext _context = default!;
    private Task _processing = Task.CompletedTask;
    private ExecutionContext? _executionContext;
    private bool _hasContext;

    public RunningRequest(IHttpApplication<TContext> application, RequestSettings settings, ClientConnection connection)
        : base(settings, connection)
    {
        _application = application;
        _onProcessed = OnProcessed;
        _endInContext = static state => ((RunningRequest<TContext>)state!).EndProcessing();
    }

    public TContext? HostContext { get; set; }

    protected override void Run()
    {
        try
        {
            _context = _application.CreateContext(this);
            _hasContext = true;
            _processing = _application.ProcessRequestAsync(_context);
        }
        catch (Exception exception)
        {
            _processing = Task.FromException(exception);
        }
        if (_processing.IsCompleted)
        {
            EndProcessing();
            return;
        }
        // Whoever completes the task does so in a context of its own; the callbacks behind the answer are to see the request's.
        _executionContext = ExecutionContext.Capture();
        _processing.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onProcessed);
    }

    protected override void DisposeContext(Exception? failure)
    {
        if (!_hasContext)
            return;
        _hasContext = false;
        var context = _context;
        _context = default!;
        _application.DisposeContext(context, failure);
    }

    private void OnProcessed()
    {
        var context = _executionContext;
        _executionContext = null;
        if (context is null)
            EndProcessing();
        else
            ExecutionContext.Run(context, _endInContext, this);
    }

    private void EndProcessing()
    {
        var processing = _processing;
        _processing = Task.CompletedTask;
        EndApplication(processing.IsCompletedSuccessfully ? null : FailureOf(processing));
    }

    private static Exception FailureOf(Task task)
    {
        try
        {
            task.GetAwaiter().GetResult();
            return new InvalidOperationException("The application's task failed without an exception.");
        }
        catch (Exception exception)
        {
            return exception;
        }
    }
}
