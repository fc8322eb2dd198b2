using System.Diagnostics;
using System.Runtime.CompilerServices;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Http.Tasks;
using Gatehouse.Load.Results;
using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;

namespace Gatehouse.Load.Running;

/// <summary>
/// One connection: takes the next request that is due, waits for its time when that is to come, sends it, reads the answer. One async method for the whole run,
/// so that a request allocates nothing.
/// </summary>
internal sealed class LoadConnection : ITimerTarget
{
    // A server that refuses is not to be asked as fast as the loop can go.
    private const long RefusedPause = 20;

    private readonly LoadWorker _worker;
    private readonly ReactorWait<bool> _wait = new();
    private readonly ReactorTimer _pause;
    private Http1ClientConnection? _connection;

    public LoadConnection(LoadWorker worker)
    {
        _worker = worker;
        _pause = new ReactorTimer(worker.Pool.Reactor, this);
    }

    /// <summary>When the request that it waits for is due.</summary>
    public long Due { get; private set; }

    public async Task RunAsync()
    {
        var recorder = _worker.Recorder;
        while (_worker.TryTake(out var due))
        {
            Due = due;
            var wasFree = false;
            if (due > Stopwatch.GetTimestamp())
            {
                wasFree = true;
                _wait.Begin(resumeInline: true);
                _worker.WaitForDue(this);
                await _wait.Task;
                if (_worker.IsOver)
                    break;
            }
            var sent = Stopwatch.GetTimestamp();
            if (due < 0)
            {
                due = sent;
            }
            else if (wasFree)
            {
                // The clock's own lateness is not the server's.
                recorder.NoteLag(sent - due);
                due = sent;
            }
            try
            {
                _connection ??= await _worker.Pool.ConnectAsync();
                var (status, bytes) = await ExchangeAsync(_connection);
                recorder.Answer(due, sent, Stopwatch.GetTimestamp(), status, bytes);
                if (!_connection.Response.KeepAlive)
                    Drop();
            }
            catch (ClientException exception)
            {
                Drop();
                recorder.Fault(_worker.IsOver ? LoadFault.Unfinished : LoadFaults.Of(exception.Fault), Stopwatch.GetTimestamp());
                if (exception.IsUnsent && !_worker.IsOver)
                {
                    _wait.Begin(resumeInline: true);
                    _pause.Arm(RefusedPause);
                    await _wait.Task;
                }
            }
        }
        Drop();
    }

    /// <summary>Its request is due, or the run is over.</summary>
    public void Resume() => _wait.SetResult(true);

    /// <summary>Gives up what is under way.</summary>
    public void Abandon() => _connection?.Dispose();

    void ITimerTarget.OnTimer() => Resume();

    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder<>))]
    private async ValueTask<(int Status, long Bytes)> ExchangeAsync(Http1ClientConnection connection)
    {
        var plan = _worker.Plan;
        connection.Begin(plan.Method);
        if (plan.Request.Length <= OutputBuffer.CopyLimit)
            connection.Output.Append(plan.Request.Span);
        else
            connection.Output.Attach(plan.Request);
        await connection.FlushAsync();
        var response = connection.Response;
        await connection.ReadHeadAsync();
        while (response.IsInterim)
        {
            connection.NextHead(plan.Method);
            await connection.ReadHeadAsync();
        }
        if (connection.TryTakeWhole(out var body))
            return (response.Status, body.Length);
        var status = response.Status;
        var bytes = 0L;
        while (await connection.ReadBodyAsync(_worker.Scrap) is > 0 and var count)
            bytes += count;
        return (status, bytes);
    }

    private void Drop()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
