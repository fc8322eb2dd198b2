using System.Globalization;

namespace Gatehouse.Edge.Logs;

/// <summary>The time as the lines of this thread write it; made once a second.</summary>
internal static class LogClock
{
    private const int CommonLength = 26;
    private const int IsoLength = 19;

    [ThreadStatic]
    private static Texts? _texts;

    /// <summary><c>10/Oct/2026:13:55:36 +0000</c></summary>
    public static ReadOnlySpan<byte> Common(DateTime now) => Current(now).Common;

    /// <summary><c>2026-10-10T13:55:36</c>, without the fraction.</summary>
    public static ReadOnlySpan<byte> Iso(DateTime now) => Current(now).Iso;

    private static Texts Current(DateTime now)
    {
        var texts = _texts ??= new Texts();
        var second = now.Ticks / TimeSpan.TicksPerSecond;
        if (texts.Second != second)
        {
            texts.Second = second;
            now.TryFormat(texts.Common, out _, "dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture);
            now.TryFormat(texts.Iso, out _, "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        }
        return texts;
    }

    private sealed class Texts
    {
        public long Second { get; set; } = -1;

        public byte[] Common { get; } = new byte[CommonLength];

        public byte[] Iso { get; } = new byte[IsoLength];
    }
}
