using System.Diagnostics;
using System.Text;

namespace Gatehouse.Testing;

/// <summary>
/// A real program beside the test: curl, python3, nginx. Its output is kept; at dispose it and everything it started end, by process id. Texts are UTF-8.
/// </summary>
public sealed class PeerProcess : IDisposable
{
    private readonly Process _process;
    private readonly OutputCapture _output;
    private readonly OutputCapture _error;
    private bool _isDisposed;

    private PeerProcess(Process process)
    {
        _process = process;
        _output = new OutputCapture(process.StandardOutput);
        _error = new OutputCapture(process.StandardError);
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>True when it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has written on standard output so far.</summary>
    public string Output => _output.Text;

    /// <summary>What it has written on standard error so far.</summary>
    public string Error => _error.Text;

    /// <summary>The absolute path of a program on PATH; without it the test that asks is skipped, and fails with CI=true.</summary>
    public static string Require(string program)
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/sbin"))
        {
            var path = Path.Combine(folder, program);
            if (File.Exists(path)) return path;
        }
        var reason = $"This test needs the program '{program}', which is not on PATH.";
        Assert.SkipUnless(Corpora.OnCi, reason);
        throw new FileNotFoundException(reason, program);
    }

    /// <summary>Starts a program (a path, or a name looked up by <see cref="Require"/>) with these arguments, with no shell between.</summary>
    /// <param name="program">Path or name.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="folder">Working folder; by default the test's own.</param>
    /// <param name="environment">Variables to add; a null value removes one.</param>
    /// <param name="input">Standard input; without it the program reads end of file at once.</param>
    public static PeerProcess Start(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null, byte[]? input = null)
    {
        var start = new ProcessStartInfo(program.Contains('/', StringComparison.Ordinal) ? program : Require(program), arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        var peer = new PeerProcess(Process.Start(start)!);
        peer.Feed(input);
        return peer;
    }

    /// <summary>Runs a program to its end, which must come within <paramref name="timeout"/> (default 30 seconds); any exit code is a result.</summary>
    /// <exception cref="TimeoutException">It did not end in time, and was killed.</exception>
    public static PeerResult Run(
        string program,
        IEnumerable<string> arguments,
        TimeSpan? timeout = null,
        string? folder = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        byte[]? input = null)
    {
        using var peer = Start(program, arguments, folder, environment, input);
        return peer.WaitForExit(timeout ?? TimeSpan.FromSeconds(30));
    }

    /// <summary>Waits for its end and gives the result.</summary>
    /// <exception cref="TimeoutException">It is still running.</exception>
    public PeerResult WaitForExit(TimeSpan timeout)
    {
        if (!_process.WaitForExit(timeout))
            throw new TimeoutException($"{_process.StartInfo.FileName} did not end within {timeout.TotalSeconds} s.\n{Transcript}");
        // A grandchild may hold the pipes open for longer than the process lives: what it writes later is not the program's.
        _output.WaitForEnd(TimeSpan.FromSeconds(1));
        _error.WaitForEnd(TimeSpan.FromSeconds(1));
        return new PeerResult(_process.ExitCode, Output, Error);
    }

    /// <summary>Waits until standard output or standard error contains <paramref name="text"/>.</summary>
    /// <exception cref="TimeoutException">It did not come in time.</exception>
    /// <exception cref="InvalidOperationException">The program ended without it.</exception>
    public void WaitForOutput(string text, TimeSpan? timeout = null) =>
        WaitFor(() => Output.Contains(text, StringComparison.Ordinal) || Error.Contains(text, StringComparison.Ordinal), $"write \"{text}\"", timeout);

    /// <summary>Waits until a TCP port of 127.0.0.1 accepts a connection.</summary>
    /// <exception cref="TimeoutException">It did not in time.</exception>
    /// <exception cref="InvalidOperationException">The program ended before.</exception>
    public void WaitForPort(int port, TimeSpan? timeout = null) => WaitFor(() => Accepts(port), $"listen on port {port}", timeout);

    /// <summary>Sends it a signal, by its id.</summary>
    public void Signal(PosixSignal signal)
    {
        if (!_process.HasExited) Signals.Send(_process.Id, signal);
    }

    /// <summary>Ends it and everything it started.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(TimeSpan.FromSeconds(5));
        }
        _process.Dispose();
    }

    private string Transcript => $"stdout: {Output}\nstderr: {Error}";

    private void Feed(byte[]? input)
    {
        try
        {
            if (input is not null) _process.StandardInput.BaseStream.Write(input);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended, or closed its input, before it read all: its exit code and output say whether that was right.
        }
    }

    private void WaitFor(Func<bool> condition, string what, TimeSpan? timeout)
    {
        var limit = timeout ?? TimeSpan.FromSeconds(20);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var ended = _process.HasExited;
            if (ended)
            {
                _output.WaitForEnd(TimeSpan.FromSeconds(1));
                _error.WaitForEnd(TimeSpan.FromSeconds(1));
            }
            if (condition()) return;
            if (ended) throw new InvalidOperationException($"{_process.StartInfo.FileName} ended with {_process.ExitCode} and did not {what}.\n{Transcript}");
            if (clock.Elapsed > limit) throw new TimeoutException($"{_process.StartInfo.FileName} did not {what} within {limit.TotalSeconds} s.\n{Transcript}");
            Thread.Sleep(10);
        }
    }

    private static bool Accepts(int port)
    {
        try
        {
            RawClient.Connect(port, timeout: TimeSpan.FromSeconds(1)).Dispose();
            return true;
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or TimeoutException)
        {
            return false;
        }
    }
}
