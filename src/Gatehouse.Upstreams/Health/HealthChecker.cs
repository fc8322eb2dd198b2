using System.Text;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Protocols;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Health;

/// <summary>
/// Asks each target of a group for a path now and then, and takes it out or back after enough answers in a row that say the same. Runs once for the whole
/// server, on one reactor, over connections of its own.
/// </summary>
internal sealed class HealthChecker : IDisposable
{
    private readonly Probe[] _probes;
    private readonly Reactor _reactor;

    public HealthChecker(ReadOnlySpan<Target> targets, HealthConfig config, Reactor reactor)
    {
        _reactor = reactor;
        _probes = new Probe[targets.Length];
        for (var i = 0; i < targets.Length; i++)
            _probes[i] = new Probe(targets[i], config, reactor);
    }

    public void Start() => _reactor.Post(static checker => ((HealthChecker)checker!).Each(static probe => probe.OnTimer()), this);

    public void Dispose() => _reactor.Post(static checker => ((HealthChecker)checker!).Each(static probe => probe.Stop()), this);

    private void Each(Action<Probe> action)
    {
        foreach (var probe in _probes)
            action(probe);
    }

    private sealed class Probe : ITimerTarget
    {
        private readonly Target _target;
        private readonly HealthConfig _config;
        private readonly ConnectionPool _pool;
        private readonly ReactorTimer _timer;
        private readonly byte[] _request;
        private int _inARow;
        private bool _lastWasGood = true;
        private bool _isStopped;

        public Probe(Target target, HealthConfig config, Reactor reactor)
        {
            _target = target;
            _config = config;
            _timer = new ReactorTimer(reactor, this);
            _pool = new ConnectionPool(reactor, target.Endpoint, new ClientTimeouts
            {
                Connect = config.Timeout,
                FirstByte = config.Timeout,
                Idle = config.Timeout,
                KeepAlive = config.Every * 2,
            });
            _request = Encoding.ASCII.GetBytes(
                $"GET {config.Path} HTTP/1.1\r\nHost: {Encoding.ASCII.GetString(target.Authority)}\r\nUser-Agent: gatehouse-health\r\nAccept: */*\r\n\r\n");
        }

        public void OnTimer() => _ = RunAsync();

        public void Stop()
        {
            _isStopped = true;
            _timer.Disarm();
            _pool.Close();
        }

        private async Task RunAsync()
        {
            var isGood = await AskAsync();
            if (_isStopped)
                return;
            Note(isGood);
            _timer.Arm((long)_config.Every.TotalMilliseconds);
        }

        private async Task<bool> AskAsync()
        {
            Http1ClientConnection? connection = null;
            try
            {
                connection = _pool.TryRent() ?? await _pool.ConnectAsync();
                connection.Begin(Method.Get);
                connection.Output.Append(_request);
                await connection.FlushAsync();
                do
                {
                    if (connection.Response.IsInterim)
                        connection.NextHead(Method.Get);
                    await connection.ReadHeadAsync();
                }
                while (connection.Response.IsInterim);
                if (!connection.TryTakeWhole(out _))
                    connection.Dispose();
                return connection.Response.Status is >= 200 and < 400;
            }
            catch (ClientException)
            {
                return false;
            }
            finally
            {
                connection?.Release();
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
}
