namespace Gatehouse.Edge.Logs;

/// <summary>Where the lines of a log go. Used by the one thread of its <see cref="LogSink"/>, and may block it.</summary>
internal interface ILogDestination : IDisposable
{
    /// <summary>
    /// Writes whole lines, each with its line feed. After a failure the same lines are given again, and it goes on with what was not written.
    /// </summary>
    /// <exception cref="Exception">Any says that it cannot write now.</exception>
    void Write(ReadOnlySpan<byte> lines);

    /// <summary>Has the next write open anew what it writes to: a file may have been moved away.</summary>
    void Reopen();
}
