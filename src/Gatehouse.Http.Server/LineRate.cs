namespace Gatehouse.Http.Server;

/// <summary>Bounds the lines that others can have written to a log in each second, so that an attack or a program in a loop does not fill the disk. Thread-safe.</summary>
/// <param name="perSecond">Lines in one second.</param>
public sealed class LineRate(int perSecond)
{
    private readonly Lock _lock = new();
    private long _second;
    private long _lines;

    /// <summary>True when one more line may be written.</summary>
    /// <param name="leftOut">How many were left out in the second before, told with the first line behind it; else 0.</param>
    public bool Admits(out long leftOut)
    {
        lock (_lock)
        {
            leftOut = 0;
            var second = Environment.TickCount64 / 1000;
            if (second != _second)
            {
                leftOut = Math.Max(0, _lines - perSecond);
                (_second, _lines) = (second, 0);
            }
            return ++_lines <= perSecond;
        }
    }
}
