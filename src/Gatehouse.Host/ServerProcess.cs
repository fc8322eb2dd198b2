using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gatehouse.Config;
using Gatehouse.Host.Control;
using Gatehouse.Host.State;
using Gatehouse.Host.Tls;
using Gatehouse.Pki;

namespace Gatehouse.Host;

/// <summary>
/// A process that serves until it is told to stop: start in order (state folder, control socket, signals, listeners), then wait, then end in the opposite order.
/// SIGTERM and SIGINT drain, a second one cuts off; SIGHUP reloads configuration and code; SIGUSR1 reopens logs.
/// </summary>
public sealed class ServerProcess : IControlCommands
{
    private const PosixSignal SigUsr1 = (PosixSignal)10;

    private readonly Func<LoadResult> _load;
    private readonly IServerLog _log;
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cutOff = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RunningServer _server = null!;

    private ServerProcess(Func<LoadResult> load, IServerLog log)
    {
        _load = load;
        _log = log;
    }

    /// <summary>Serves until stopped. Returns the exit code: 0 after an orderly end, 1 when it could not start.</summary>
    /// <param name="load">Reads the configuration, at the start and at each reload.</param>
    /// <param name="folder">The folder that the configuration's features start from.</param>
    /// <param name="statePath">The state folder that a person named; null for the configuration's or the default.</param>
    /// <param name="log">Where to report.</param>
    /// <param name="ready">Called when clients can connect.</param>
    public static async Task<int> RunAsync(Func<LoadResult> load, string folder, string? statePath, IServerLog log, Action<RunningServer> ready)
    {
        ArgumentNullException.ThrowIfNull(load);
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(ready);
        var process = new ServerProcess(load, log);
        try
        {
            return await process.RunAsync(folder, statePath, ready).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ListenException or TlsConfigException or IssueException or CryptographicException or IOException or UnauthorizedAccessException or SocketException)
        {
            log.Error(exception.Message);
            return 1;
        }
    }

    string? IControlCommands.Reload() => Reload();

    void IControlCommands.Stop() => Stop();

    private async Task<int> RunAsync(string folder, string? statePath, Action<RunningServer> ready)
    {
        var loaded = _load();
        if (loaded.Config is not { } config)
        {
            foreach (var fault in loaded.Faults)
                _log.Error(fault.ToString());
            return 1;
        }
        using var state = OpenState(statePath ?? config.State?.Value);
        var server = RunningServer.Create(config, folder, state.Path, _log);
        await using (server.ConfigureAwait(false))
        {
            _server = server;
            // Who sees the server answer may control it and send it signals: before the first client is let in, both are ready.
            using (ControlServer.Start(StateFolder.ControlSocketIn(state.Path), server, this))
            using (On(PosixSignal.SIGTERM, Stop))
            using (On(PosixSignal.SIGINT, Stop))
            using (On(PosixSignal.SIGHUP, ReloadAll))
            using (On(SigUsr1, server.ReopenLogs))
            {
                server.Open();
                ready(server);
                await _stop.Task.ConfigureAwait(false);
                await Task.WhenAny(server.StopAsync(), _cutOff.Task).ConfigureAwait(false);
            }
        }
        return 0;
    }

    // A folder that a person named must be free; the default one may belong to another server of the same user, and then this one has its own for the time.
    private StateFolder OpenState(string? named)
    {
        if (named is not null)
            return StateFolder.Open(Path.GetFullPath(named));
        try
        {
            return StateFolder.Open(StateFolder.DefaultPath());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var state = StateFolder.OpenTemporary();
            _log.Warn($"{exception.Message}; until it ends, this server keeps its state in {state.Path}");
            return state;
        }
    }

    private static PosixSignalRegistration On(PosixSignal signal, Action action) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    });

    private void Stop()
    {
        if (!_stop.TrySetResult())
            _cutOff.TrySetResult();
    }

    // An application whose settings have changed is started anew anyhow; the others are told.
    private void ReloadAll()
    {
        if (Reload() is null)
            _server.ReloadCode();
    }

    private string? Reload()
    {
        var loaded = _load();
        if (loaded.Config is not { } config)
            return Refuse(string.Join('\n', loaded.Faults));
        try
        {
            _server.Reload(config);
        }
        catch (Exception exception) when (exception is ListenException or TlsConfigException or IssueException or CryptographicException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            return Refuse(exception.Message);
        }
        _log.Info($"reloaded: configuration number {_server.Generation} is in force");
        return null;
    }

    private string Refuse(string reason)
    {
        _log.Error($"the changed configuration is not used, the one before stays in force:\n{reason}");
        return reason;
    }
}
