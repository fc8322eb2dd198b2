namespace Gatehouse.Http.Conditional;

/// <summary>A part of a representation.</summary>
/// <param name="First">Offset of its first byte.</param>
/// <param name="Length">Number of bytes, at least 1.</param>
public readonly record struct ByteRange(long First, long Length)
{
    /// <summary>Offset of its last byte.</summary>
    public long Last => First + Length - 1;
}
