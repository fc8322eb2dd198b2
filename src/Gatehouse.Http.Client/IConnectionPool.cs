namespace Gatehouse.Http.Client;

/// <summary>The connections of one reactor to one endpoint, whatever they speak.</summary>
public interface IConnectionPool
{
    /// <summary>Closes the connections at rest; those in use are closed when they come back. From any thread.</summary>
    void Close();
}
