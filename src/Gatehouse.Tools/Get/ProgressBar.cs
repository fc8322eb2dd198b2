using System.Diagnostics;
using System.Globalization;

namespace Gatehouse.Tools.Get;

/// <summary>A line on a terminal that says how far a download is.</summary>
internal sealed class ProgressBar(TextWriter output, string name)
{
    private const int Width = 30;

    // Often enough to look alive, seldom enough to cost nothing.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly long _started = Stopwatch.GetTimestamp();
    private long _shown;

    public void Show(long done, long? total, bool isOver = false)
    {
        if (!isOver && _shown != 0 && Stopwatch.GetElapsedTime(_shown) < Pause)
            return;
        _shown = Stopwatch.GetTimestamp();
        output.Write($"\r{Line(name, done, total, Stopwatch.GetElapsedTime(_started))}\x1b[K{(isOver ? "\n" : "")}");
    }

    internal static string Line(string name, long done, long? total, TimeSpan elapsed)
    {
        var speed = elapsed.TotalSeconds > 0 ? done / elapsed.TotalSeconds : 0;
        if (total is not (> 0 and var all))
            return $"{name}  {Size(done)}  {Size(speed)}/s";
        var part = Math.Min(1, (double)done / all);
        var full = (int)(part * Width);
        var left = speed > 0 ? TimeSpan.FromSeconds(Math.Min((all - done) / speed, 359_999)) : TimeSpan.Zero;
        var percent = ((int)(part * 100)).ToString(CultureInfo.InvariantCulture).PadLeft(3);
        return $"{name}  {percent}% [{new string('#', full)}{new string('.', Width - full)}] {Size(done)} of {Size(all)}  {Size(speed)}/s  {(int)left.TotalMinutes}:{left.Seconds:00} left";
    }

    /// <summary>A number of bytes for people.</summary>
    internal static string Size(double bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        var unit = 0;
        while (bytes >= 1000 && unit < units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }
        return bytes.ToString(unit == 0 || bytes >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + units[unit];
    }
}
