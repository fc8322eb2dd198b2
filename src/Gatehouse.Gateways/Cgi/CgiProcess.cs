using Gatehouse.Gateways.Peers;
using Gatehouse.Net.Processes;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Transports;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Gateways.Cgi;

/// <summary>
/// The process of one script, from its start to its end, which may come before or after that of its answer. One that outlives its answer for as long as a
/// script may be silent, and one whose answer nobody wants, is ended with its process group: first it is asked to (SIGTERM), then it is made to (SIGKILL).
/// </summary>
internal sealed class CgiProcess : IProcessEvents, ITimerTarget, ITransportEvents
{
    private const long GraceMilliseconds = 2000;

    private readonly CgiRules _rules;
    private readonly Transport _errorPipe;
    private readonly ScriptErrors _errors;
    private readonly ReactorTimer _timer;
    private WatchedProcess? _process;
    private bool _isAskedToEnd;

    /// <summary>Opens the pipe of its error output. On the reactor.</summary>
    public CgiProcess(CgiRules rules, string script, out SafeFileHandle errors)
    {
        var reactor = Reactor.Current!;
        _rules = rules;
        Script = script;
        _errors = new ScriptErrors(rules.Log);
        _timer = new ReactorTimer(reactor, this);
        _errorPipe = ProcessPipe.OpenReader(reactor, out errors);
        _errorPipe.Events = this;
        _errorPipe.Watch();
    }

    /// <summary>How messages call the script.</summary>
    public string Script { get; set; }

    /// <summary>It runs. On the reactor.</summary>
    public void Started(WatchedProcess process)
    {
        if (!process.HasEnded)
            _process = process;
    }

    /// <summary>It was not started after all.</summary>
    public void NotStarted()
    {
        _timer.Release();
        _errorPipe.Close();
    }

    /// <summary>The request is over. The script may have something to do still, when its answer came whole; otherwise it shall end now.</summary>
    public void RequestEnded(bool isWhole)
    {
        if (_process is null)
            return;
        if (isWhole)
            _timer.Arm((long)_rules.Timeouts.Idle.TotalMilliseconds);
        else
            AskToEnd();
    }

    /// <inheritdoc/>
    public void OnExited(WatchedProcess process, ExitStatus status)
    {
        _process = null;
        _timer.Release();
        ReadErrors();
        _errors.Flush(NameOf);
        if (!status.IsSuccess && !_isAskedToEnd)
            _rules.Log.WarnOfScript(Script, $"ended with {status}");
        // What it has started may hold the pipe open for longer; nobody reads it any more.
        _errorPipe.Close();
        process.Dispose();
        _rules.Leave();
    }

    /// <inheritdoc/>
    public void OnTimer()
    {
        if (_isAskedToEnd)
            _process?.SignalGroup(Signals.Kill);
        else
            AskToEnd();
    }

    /// <inheritdoc/>
    public void OnReadable() => ReadErrors();

    /// <inheritdoc/>
    public void OnWritable()
    {
    }

    /// <inheritdoc/>
    public void OnBroken(int errno) => _errorPipe.Close();

    private void AskToEnd()
    {
        _isAskedToEnd = true;
        _process?.SignalGroup(Signals.Terminate);
        _timer.Arm(GraceMilliseconds);
    }

    private string NameOf() => Script;

    private void ReadErrors()
    {
        Span<byte> buffer = stackalloc byte[2048];
        while (!_errorPipe.IsClosed)
        {
            var result = _errorPipe.Read(buffer);
            if (result.IsWouldBlock)
                return;
            if (!result.IsDone)
                _errorPipe.Close();
            else
                _errors.Take(buffer[..result.Count], NameOf);
        }
    }
}
