using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;

namespace Gatehouse.Http.Client.Exchanges;

/// <summary>
/// Holds a body back until the server has asked for it with 100 (Continue) or has said nothing for a second (RFC 9110 section 10.1.1: a client should not wait
/// for an indefinite period; curl waits one second too). A final response first, and it is never sent.
/// </summary>
internal sealed class ContinueGate : ITimerTarget
{
    private const int WaitMilliseconds = 1000;

    private readonly TaskCompletionSource<bool> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ReactorTimer _timer;

    public ContinueGate(Reactor reactor)
    {
        _timer = new ReactorTimer(reactor, this);
        _timer.Arm(WaitMilliseconds);
    }

    /// <summary>True when the body is to be sent, false when it is not.</summary>
    public Task<bool> Opened => _opened.Task;

    /// <summary>The server asks for the body.</summary>
    public void Open() => End(true);

    /// <summary>The server has answered, or the request is over.</summary>
    public void Shut() => End(false);

    void ITimerTarget.OnTimer() => End(true);

    private void End(bool isOpen)
    {
        _timer.Release();
        _opened.TrySetResult(isOpen);
    }
}
