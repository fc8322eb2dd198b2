namespace Gatehouse.Gateways.Supervision;

/// <summary>Where gateways tell what their processes do and say. From any thread.</summary>
/// <param name="info">Takes what is worth knowing.</param>
/// <param name="warn">Takes what is wrong and gone on in spite of.</param>
public sealed class GatewayLog(Action<string> info, Action<string> warn)
{
    /// <summary>Something worth knowing happened; or a process has written a line.</summary>
    public void Info(string message) => info(message);

    /// <summary>Something is wrong.</summary>
    public void Warn(string message) => warn(message);
}
