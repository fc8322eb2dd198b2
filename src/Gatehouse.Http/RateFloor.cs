namespace Gatehouse.Http;

/// <summary>The least average speed of a peer that this side waits for.</summary>
/// <param name="BytesPerSecond">The speed; 0 for none.</param>
/// <param name="Grace">How long it may be slower before that counts.</param>
public readonly record struct RateFloor(int BytesPerSecond, TimeSpan Grace)
{
    /// <summary>True when <paramref name="bytes"/> in <paramref name="milliseconds"/> of waiting are too few.</summary>
    public bool IsMissed(long bytes, long milliseconds) => milliseconds > Grace.TotalMilliseconds && bytes * 1000 < BytesPerSecond * milliseconds;
}
