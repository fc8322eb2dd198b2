using Gatehouse.Http.Forms;
using Gatehouse.Http.Server;

namespace Gatehouse.Web;

/// <summary>What requests of an application may cost. Each number has a default; set them before the application starts.</summary>
public sealed class AppLimits
{
    /// <summary>What a connection may cost; its body limit bounds every body.</summary>
    public ServerLimits Server { get; set; } = ServerLimits.Default;

    /// <summary>What a form may have.</summary>
    public FormLimits Form { get; set; } = FormLimits.Default;

    /// <summary>Bytes of a JSON body, which is held in memory; a tenth of what a form may send.</summary>
    public int JsonBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>From a request's head to the beginning of its answer; then 503. Null for no limit.</summary>
    public TimeSpan? AnswerTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Jobs that may wait (<see cref="App.Jobs"/>); a further one is refused.</summary>
    public int Jobs { get; set; } = 1000;

    /// <summary>Jobs that run at a time.</summary>
    public int ParallelJobs { get; set; } = Environment.ProcessorCount;

    /// <summary>How long requests, and then jobs, may take to end when the application stops.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(30);
}
