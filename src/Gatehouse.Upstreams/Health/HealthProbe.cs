using System.Text;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Protocols;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Health;

/// <summary>
/// The health check of one target: takes it out or back after enough answers in a row that say the same. Each check has a connection of its own, so that it
/// also tells whether the target accepts any, and no connection at rest that went stale is taken for a fault. On its reactor.
/// </summary>
internal sealed class HealthProbe : ITimerTarget
{
    private readonly Target _target;
    private readonly HealthConfig _config;
    private readonly ConnectionPool _pool;
    private readonly ReactorTimer _timer;
    private readonly byte[] _request;
    private Http1ClientConnection? _connection;
    private int _inARow;
    private bool _lastWasGood = true;
    private bool _isAsking;
    private bool _isLate;
    private bool _isStopped;

    public HealthProbe(Target target, HealthConfig config, Reactor reactor)
    {
        _target = target;
        _config = config;
        _timer = new ReactorTimer(reactor, this);
        var timeouts = new ClientTimeouts { Connect = config.Timeout, FirstByte = config.Timeout, Idle = config.Timeout };
        _pool = target.NewPool(reactor, timeouts);
        _request = Encoding.ASCII.GetBytes(
            $"GET {config.Path} HTTP/1.1\r\nHost: {Encoding.ASCII.GetString(target.Authority)}\r\n"
            + "User-Agent: gatehouse-health\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    }

    public void Start() => _ = RunAsync();

    public void Stop()
    {
        _isStopped = true;
        _timer.Release();
        _connection?.Dispose();
        _pool.Close();
    }

    void ITimerTarget.OnTimer()
    {
        if (!_isAsking)
        {
            _ = RunAsync();
            return;
        }
        // The time is for the whole answer; the connection's own limits are for each of its steps.
        _isLate = true;
        _connection?.Dispose();
    }

    private async Task RunAsync()
    {
        _isAsking = true;
        _isLate = false;
        _timer.Arm((long)_config.Timeout.TotalMilliseconds);
        var isGood = await AskAsync() && !_isLate;
        _isAsking = false;
        if (_isStopped)
            return;
        Note(isGood);
        _timer.Arm((long)_config.Every.TotalMilliseconds);
    }

    private async Task<bool> AskAsync()
    {
        try
        {
            _connection = await _pool.ConnectAsync();
            if (_isLate || _isStopped)
                return false;
            var response = _connection.Response;
            _connection.Begin(Method.Get);
            _connection.Output.Append(_request);
            await _connection.FlushAsync();
            await _connection.ReadHeadAsync();
            while (response.IsInterim)
            {
                _connection.NextHead(Method.Get);
                await _connection.ReadHeadAsync();
            }
            // The head tells; what else comes is not waited for.
            return response.Status is >= 200 and < 400;
        }
        catch (ClientException)
        {
            return false;
        }
        finally
        {
            _connection?.Dispose();
            _connection = null;
        }
    }

    private void Note(bool isGood)
    {
        _inARow = isGood == _lastWasGood ? _inARow + 1 : 1;
        _lastWasGood = isGood;
        if (_target.IsHealthy == isGood || _inARow < (isGood ? _config.Rise : _config.Fall))
            return;
        _target.IsHealthy = isGood;
        if (isGood)
            _target.Eject(0);
    }
}
