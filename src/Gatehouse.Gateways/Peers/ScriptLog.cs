namespace Gatehouse.Gateways.Peers;

/// <summary>
/// Takes what scripts write for the log, line by line with the script's name. A line is bounded, and so are the lines of one second, so that a script in a
/// loop does not fill the disk. Thread-safe.
/// </summary>
/// <param name="write">Takes, from any thread, one line.</param>
public sealed class ScriptLog(Action<string> write)
{
    private const int LinesPerSecond = 200;

    private readonly Lock _lock = new();
    private long _second;
    private int _lines;

    /// <summary>Writes one line of <paramref name="source"/>.</summary>
    public void Write(string source, string line)
    {
        lock (_lock)
        {
            var second = Environment.TickCount64 / 1000;
            if (second != _second)
            {
                if (_lines > LinesPerSecond)
                    write($"{_lines - LinesPerSecond} more lines of scripts were left out");
                (_second, _lines) = (second, 0);
            }
            if (++_lines > LinesPerSecond)
                return;
        }
        write($"{source}: {line}");
    }
}
