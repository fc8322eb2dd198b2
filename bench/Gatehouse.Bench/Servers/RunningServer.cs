using System.Diagnostics;
using Gatehouse.Bench.Load;
using Gatehouse.Bench.Probes;
using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>A server that was started and has answered once.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private readonly Child _child;
    private readonly ControlGroup? _group;

    private RunningServer(IServerProgram program, ServerSetup setup, Child child, ControlGroup? group, TimeSpan startUp, int wireLength, string? tlsFacts) =>
        (Program, Setup, _child, _group, StartUp, WireLength, TlsFacts) = (program, setup, child, group, startUp, wireLength, tlsFacts);

    public IServerProgram Program { get; }
    public ServerSetup Setup { get; }
    public int Pid => _child.Pid;

    /// <summary>CPU time of all its processes so far.</summary>
    public CpuTime Cpu => CpuTime.Of(Pid, _group);

    /// <summary>From the spawn to the first whole answer.</summary>
    public TimeSpan StartUp { get; }

    /// <summary>The length of the answer to the row's work on the wire.</summary>
    public int WireLength { get; }

    /// <summary>Version and suite that it agrees on with a client that would take any; null without TLS.</summary>
    public string? TlsFacts { get; }

    /// <summary>
    /// Starts the program on <paramref name="cores"/> (anywhere, when there are none) and waits until it answers <paramref name="work"/> as expected.
    /// </summary>
    /// <exception cref="RowFailedException">It ended, did not answer within a minute, or gave another answer.</exception>
    public static async Task<RunningServer> StartAsync(
        IServerProgram program, ServerSetup setup, Work work, IReadOnlyList<int> cores, CancellationToken stop)
    {
        var launch = program.Configure(setup);
        var clock = Stopwatch.StartNew();
        var group = setup.EndsChildren ? ControlGroup.Create() : null;
        var child = Child.Start(launch, cores, group);
        try
        {
            await FirstAnswerAsync(child, setup, work, clock, stop);
            var startUp = clock.Elapsed;
            var (length, tlsFacts) = await AnswerProbe.CheckAsync(setup.Port, setup.Tls, work, stop);
            return new RunningServer(program, setup, child, group, startUp, length, tlsFacts);
        }
        catch (RowFailedException e)
        {
            await child.DisposeAsync();
            group?.Dispose();
            throw new RowFailedException($"{program.Name}: {e.Message}");
        }
        catch
        {
            await child.DisposeAsync();
            group?.Dispose();
            throw;
        }
    }

    /// <summary>Asks once more for the work's answer, and that the process still lives.</summary>
    /// <exception cref="RowFailedException">It does not answer as it did.</exception>
    public async Task CheckAsync(Work work, CancellationToken stop)
    {
        if (_child.HasExited) throw new RowFailedException($"{Program.Name} ended under load: {await TailAsync(_child)}");
        var (length, _) = await AnswerProbe.CheckAsync(Setup.Port, Setup.Tls, work, stop);
        if (length != WireLength && !work.IsVaried) throw new RowFailedException($"{Program.Name}: the answer had {WireLength} bytes at first and {length} later");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _child.DisposeAsync();
        _group?.Dispose();
    }

    private static async Task FirstAnswerAsync(Child child, ServerSetup setup, Work work, Stopwatch clock, CancellationToken stop)
    {
        while (true)
        {
            using (var probe = await AnswerProbe.TryConnectAsync(setup.Port, setup.Tls, stop))
            {
                // A front answers 502 until the program behind it listens.
                if (probe is not null && (await probe.FetchAsync(work, stop)).Status < 500) return;
            }

            if (child.HasExited) throw new RowFailedException($"ended with {child.ExitCode} before it answered: {await TailAsync(child)}");
            if (clock.Elapsed > StartBound)
                throw new RowFailedException($"did not listen on port {setup.Port}, or answered only errors, within {StartBound.TotalSeconds:0} s: {await TailAsync(child)}");
            await Task.Delay(1, stop);
        }
    }

    private static async Task<string> TailAsync(Child child)
    {
        var output = (await child.OutputAsync()).Trim();
        return output.Length == 0 ? "it wrote nothing" : output[Math.Max(0, output.Length - 1000)..];
    }
}
