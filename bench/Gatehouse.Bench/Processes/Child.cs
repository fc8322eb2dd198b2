using System.Diagnostics;
using System.Text;

namespace Gatehouse.Bench.Processes;

/// <summary>What is to be run.</summary>
internal sealed record Launch(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables set for the process, beside those that it inherits.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>A process that the harness started, pinned to cores, and ends by its id when it is disposed.</summary>
internal sealed class Child : IAsyncDisposable
{
    private const int OutputBound = 256 * 1024;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private Child(Process process) => _process = process;

    public int Pid => _process.Id;
    public bool HasExited => _process.HasExited;
    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote to standard output and standard error, up to a bound: so far, or all of it when it has ended.</summary>
    public async Task<string> OutputAsync()
    {
        // The exit is seen before the last lines are; but a process of its own may hold the pipe open for ever.
        if (_process.HasExited) await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(1000));
        lock (_output) return _output.ToString();
    }

    /// <summary>Starts the process on <paramref name="cores"/>, on any core when there are none, and in <paramref name="group"/> when there is one.</summary>
    /// <exception cref="RowFailedException">The program cannot be started.</exception>
    public static Child Start(Launch launch, IReadOnlyList<int> cores, ControlGroup? group = null)
    {
        // taskset execs the program, so that the id is the program's own.
        string[] words = cores.Count > 0
            ? ["taskset", "-c", string.Join(',', cores), launch.Program, .. launch.Arguments]
            : [launch.Program, .. launch.Arguments];
        if (group is not null) words = [.. group.Enter, .. words];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Settings of the runtime that someone has in their shell would change what is measured.
        foreach (var name in start.Environment.Keys.Where(IsRuntimeSetting).ToArray()) start.Environment.Remove(name);
        foreach (var (name, value) in launch.Environment) start.Environment[name] = value;

        var process = new Process { StartInfo = start };
        var child = new Child(process);
        process.OutputDataReceived += child.Keep;
        process.ErrorDataReceived += child.Keep;
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new RowFailedException($"cannot start {launch.Program}: {e.Message}");
        }

        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a process to its end and gives its output.</summary>
    /// <exception cref="RowFailedException">It ended with an error or took longer than <paramref name="limit"/>.</exception>
    public static async Task<string> RunAsync(Launch launch, IReadOnlyList<int> cores, TimeSpan limit, CancellationToken stop)
    {
        var (code, output) = await TryRunAsync(launch, cores, limit, stop);
        return code == 0 ? output : throw new RowFailedException($"{Path.GetFileName(launch.Program)} ended with {code}: {output.Trim()}");
    }

    /// <summary>Runs a process to its end and gives its exit code and output.</summary>
    /// <exception cref="RowFailedException">It took longer than <paramref name="limit"/>.</exception>
    public static async Task<(int Code, string Output)> TryRunAsync(Launch launch, IReadOnlyList<int> cores, TimeSpan limit, CancellationToken stop)
    {
        await using var child = Start(launch, cores);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stop);
        bounded.CancelAfter(limit);
        try
        {
            await child._process.WaitForExitAsync(bounded.Token);
            return (child.ExitCode, await child.OutputAsync());
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new RowFailedException($"{Path.GetFileName(launch.Program)} did not end within {limit.TotalSeconds:0} s");
        }
    }

    /// <summary>SIGTERM, and SIGKILL to all that is left of its tree when it has ended, or after five seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            var tree = ProcessTree.Of(Pid);
            Signals.Send(Pid, Signals.Terminate);
            using var grace = new CancellationTokenSource(Grace);
            try
            {
                await _process.WaitForExitAsync(grace.Token);
            }
            catch (OperationCanceledException)
            {
                Signals.Send(Pid, Signals.Kill);
                _process.WaitForExit(Grace);
            }
            // Programs that stood beside it, as its children.
            foreach (var pid in tree.Skip(1)) Signals.Send(pid, Signals.Kill);
        }

        _process.Dispose();
    }

    private static bool IsRuntimeSetting(string name) =>
        (name.StartsWith("DOTNET_", StringComparison.Ordinal) && !name.StartsWith("DOTNET_ROOT", StringComparison.Ordinal))
        || name.StartsWith("COMPlus_", StringComparison.Ordinal);

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (_output)
            if (_output.Length + line.Data.Length < OutputBound) _output.Append(line.Data).Append('\n');
    }
}
