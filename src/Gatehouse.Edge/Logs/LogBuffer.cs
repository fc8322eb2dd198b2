namespace Gatehouse.Edge.Logs;

/// <summary>
/// Lines on their way to a destination. Handed on when 32 KB are full; there is always room for one more line, so that writing one needs no check.
/// </summary>
internal sealed class LogBuffer
{
    public const int FullAt = 32 * 1024;

    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(FullAt + LogFormat.MaxLine);

    public int Length { get; set; }

    public int Lines { get; set; }

    /// <summary>The format of the last line, in which a line about lost ones is written.</summary>
    public LogFormat? Format { get; set; }

    public bool IsFull => Length >= FullAt;

    public void Append(LogFormat format, in LogEntry entry)
    {
        Length += format.Write(Bytes.AsSpan(Length), in entry);
        Lines++;
        Format = format;
    }

    public void Append(ReadOnlySpan<byte> line)
    {
        line.CopyTo(Bytes.AsSpan(Length));
        Length += line.Length;
        Lines++;
    }

    public void Clear() => Length = Lines = 0;
}
