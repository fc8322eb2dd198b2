namespace Gatehouse.Protocols;

/// <summary>A run of bytes in a buffer that is named elsewhere: offset and length, so that the buffer may move.</summary>
/// <param name="Start">Offset of the first byte.</param>
/// <param name="Length">Number of bytes.</param>
public readonly record struct Slice(int Start, int Length)
{
    /// <summary>Offset behind the last byte.</summary>
    public int End => Start + Length;

    /// <summary>The bytes, in <paramref name="buffer"/>.</summary>
    public ReadOnlySpan<byte> Of(byte[] buffer) => new(buffer, Start, Length);

    /// <summary>The same run after its buffer's content moved by <paramref name="delta"/>.</summary>
    public Slice Moved(int delta) => new(Start + delta, Length);
}
