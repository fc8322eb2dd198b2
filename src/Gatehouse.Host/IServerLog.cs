namespace Gatehouse.Host;

/// <summary>Where the running server tells people what it does and what went wrong: one line each, to standard error unless the program says otherwise.</summary>
public interface IServerLog
{
    /// <summary>Something worth knowing happened.</summary>
    void Info(string message);

    /// <summary>Something is wrong that the server goes on in spite of.</summary>
    void Warn(string message);

    /// <summary>Something failed.</summary>
    void Error(string message);
}
