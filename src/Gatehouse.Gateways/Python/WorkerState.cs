namespace Gatehouse.Gateways.Python;

/// <summary>What a <see cref="PythonWorker"/> is doing.</summary>
internal enum WorkerState
{
    /// <summary>It does not take requests yet.</summary>
    Starting,

    /// <summary>It takes requests.</summary>
    Ready,

    /// <summary>It takes no more requests.</summary>
    Leaving,

    /// <summary>Its process has ended.</summary>
    Gone,
}
