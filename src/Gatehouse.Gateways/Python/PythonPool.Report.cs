using System.Text;
using Gatehouse.Gateways.Supervision;

namespace Gatehouse.Gateways.Python;

// What status shows.
internal sealed partial class PythonPool
{
    private List<ProcessReport> Report()
    {
        var reports = new List<ProcessReport>();
        foreach (var template in _templates)
        {
            reports.Add(new ProcessReport(
                template.IsReady ? "template" : "starting", template.ProcessId, 0, ProcessMemory.Resident(template.ProcessId),
                TimeSpan.FromMilliseconds(Reactor.Now - template.StartedAt), null));
            foreach (var worker in template.Workers)
            {
                var current = default(string);
                for (var place = 0; place < Settings.Threads && current is null; place++)
                {
                    if (worker.Mark(place) is not 0 and var id && Find(id) is { } request)
                        current = Describe(request);
                }
                var state = worker.State switch
                {
                    WorkerState.Starting => "starting",
                    WorkerState.Ready => current is null ? "idle" : "busy",
                    _ => "leaving",
                };
                reports.Add(new ProcessReport(
                    state, worker.ProcessId, worker.Requests, worker.ProcessId == 0 ? 0 : ProcessMemory.Resident(worker.ProcessId),
                    TimeSpan.FromMilliseconds(Reactor.Now - worker.StartedAt), current));
            }
        }
        return reports;
    }

    private static string Describe(PythonRequest request)
    {
        var message = request.Message.Written;
        return $"{Encoding.Latin1.GetString(message.Slice(request.Method.Start, request.Method.Length))} {Encoding.UTF8.GetString(message.Slice(request.Path.Start, request.Path.Length))}";
    }
}
