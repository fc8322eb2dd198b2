namespace Gatehouse.Edge.Logs;

/// <summary>Writes to standard output.</summary>
internal sealed class StandardOutputDestination : ILogDestination
{
    private readonly Stream _output = Console.OpenStandardOutput();

    public void Write(ReadOnlySpan<byte> lines)
    {
        _output.Write(lines);
        _output.Flush();
    }

    public void Reopen()
    {
    }

    public void Dispose() => _output.Dispose();
}
