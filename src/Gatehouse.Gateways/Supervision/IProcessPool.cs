namespace Gatehouse.Gateways.Supervision;

/// <summary>Processes that serve one application, as the host and its status see them. From any thread.</summary>
public interface IProcessPool
{
    /// <summary>What logs and status call it.</summary>
    string Name { get; }

    /// <summary>Starts its processes; called once, when a configuration that has it comes into force.</summary>
    void Start();

    /// <summary>Replaces the processes one by one by such that run the code as it is now; no request is lost.</summary>
    void ReloadCode();

    /// <summary>Lets the processes end after what they are doing, and ends those by force that take longer than <paramref name="limit"/>.</summary>
    Task StopAsync(TimeSpan limit);

    /// <summary>Each process.</summary>
    Task<IReadOnlyList<ProcessReport>> ReportAsync();
}
