namespace Gatehouse.Net.Processes;

/// <summary>Who is told that a process has ended.</summary>
public interface IProcessEvents
{
    /// <summary>The process has ended, once, on the reactor that watches it. <paramref name="status"/> is unknown for one that is not a child of this process.</summary>
    void OnExited(WatchedProcess process, ExitStatus status);
}
