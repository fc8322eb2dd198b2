using Gatehouse.Http.Server;

namespace Gatehouse.Gateways.Supervision;

/// <summary>
/// Where gateways tell what their processes do and say. What scripts write is bounded by the lines of one second, so that a script in a loop does not fill the
/// disk. From any thread.
/// </summary>
/// <param name="info">Takes what is worth knowing.</param>
/// <param name="warn">Takes what is wrong and gone on in spite of.</param>
public sealed class GatewayLog(Action<string> info, Action<string> warn)
{
    private readonly LineRate _lines = new(perSecond: 200);

    /// <summary>Something worth knowing happened; or a process has written a line.</summary>
    public void Info(string message) => info(message);

    /// <summary>Something is wrong.</summary>
    public void Warn(string message) => warn(message);

    /// <summary>A script has written one line to its log.</summary>
    public void WarnOfScript(string script, string line)
    {
        var admits = _lines.Admits(out var leftOut);
        if (leftOut > 0)
            warn($"{leftOut} more lines of scripts were left out");
        if (admits)
            warn($"{script}: {line}");
    }
}
