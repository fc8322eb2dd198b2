using System.Text;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http1;
using Gatehouse.Http.Client.Http2;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.ProxyProtocol;
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
    private readonly byte[] _path;
    private readonly byte[] _preamble;
    private readonly byte[] _request;
    private Http1ClientConnection? _connection;
    private Http2ClientStream? _stream;
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
        _path = Encoding.ASCII.GetBytes(config.Path);
        _preamble = ProxyHeaderWriter.Write(target.ProxyProtocol, default, default);
        _request = Encoding.ASCII.GetBytes(
            $"GET {config.Path} HTTP/1.1\r\nHost: {Encoding.ASCII.GetString(target.Authority)}\r\n"
            + "User-Agent: gatehouse-health\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    }

    public void Start() => _ = RunAsync();

    public void Stop()
    {
        _isStopped = true;
        _timer.Release();
        GiveUp();
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
        GiveUp();
    }

    private void GiveUp()
    {
        _connection?.Dispose();
        _stream?.OnClientAborted();
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
            if (_target.IsHttp2)
                return await AskOverHttp2Async();
            _connection = await _pool.ConnectAsync(_preamble);
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
            return IsGood(response.Status);
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

    // A connection for each check here too: the only one of a pool that is closed behind it.
    private async Task<bool> AskOverHttp2Async()
    {
        var pool = _target.NewHttp2Pool(_pool.Reactor, _pool.Timeouts);
        var stream = _stream = pool.Open();
        try
        {
            await stream.ReadyAsync();
            if (_isLate || _isStopped)
                return false;
            WriteHead(stream);
            await stream.ReadHeadAsync();
            while (stream.Response.IsInterim)
            {
                stream.NextHead();
                await stream.ReadHeadAsync();
            }
            return IsGood(stream.Response.Status);
        }
        finally
        {
            _stream = null;
            stream.Release();
            pool.Close();
        }
    }

    private void WriteHead(Http2ClientStream stream)
    {
        var head = stream.BeginHead(Method.Get, 256 + _path.Length + _target.Authority.Length);
        head.Line("GET"u8, isHttps: _target.Tls is not null, _target.Authority, _path);
        head.Field(KnownHeader.UserAgent, "gatehouse-health"u8);
        head.Field(KnownHeader.Accept, "*/*"u8);
        head.End(isLast: true);
    }

    private static bool IsGood(int status) => status is >= 200 and < 400;

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
