namespace Gatehouse.Gateways.Supervision;

/// <summary>
/// Where gateways tell what their processes do and say. What scripts write is bounded by the lines of one second, so that a script in a loop does not fill the
/// disk. From any thread.
/// </summary>
/// <param name="info">Takes what is worth knowing.</param>
/// <param name="warn">Takes what is wrong and gone on in spite of.</param>
public sealed class GatewayLog(Action<string> info, Action<string> warn)
{
    private const int LinesPerSecond = 200;

    private readonly Lock _lock = new();
    private long _second;
    private int _lines;

    /// <summary>Something worth knowing happened; or a process has written a line.</summary>
    public void Info(string message) => info(message);

    /// <summary>Something is wrong.</summary>
    public void Warn(string message) => warn(message);

    /// <summary>A script has written one line to its log.</summary>
    public void WarnOfScript(string script, string line)
    {
        lock (_lock)
        {
            var second = Environment.TickCount64 / 1000;
            if (second != _second)
            {
                if (_lines > LinesPerSecond)
                    warn($"{_lines - LinesPerSecond} more lines of scripts were left out");
                (_second, _lines) = (second, 0);
            }
            if (++_lines > LinesPerSecond)
                return;
        }
        warn($"{script}: {line}");
    }
}
