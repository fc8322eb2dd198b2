namespace Gatehouse.Testing;

/// <summary>
/// The built `gatehouse` program with a state folder of its own: what GATEHOUSE_BIN names, else what was built in this checkout in the test's configuration,
/// else the launcher at the checkout's root, which execs it (so the process id is the program's in each case).
/// </summary>
public sealed class GatehouseProcess : IDisposable
{
    private readonly PeerProcess _process;
    private readonly TempFolder _state;

    private GatehouseProcess(PeerProcess process, TempFolder state)
    {
        _process = process;
        _state = state;
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>True when it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The folder given by --state.</summary>
    public string State => _state.Path;

    /// <summary>What it has written on standard output so far.</summary>
    public string Output => _process.Output;

    /// <summary>What it has written on standard error so far.</summary>
    public string Error => _process.Error;

    /// <summary>Path of the program.</summary>
    /// <exception cref="FileNotFoundException">Nothing is built.</exception>
    public static string Program
    {
        get
        {
            if (Environment.GetEnvironmentVariable("GATEHOUSE_BIN") is { Length: > 0 } named)
                return File.Exists(named) ? named : throw new FileNotFoundException($"GATEHOUSE_BIN names {named}, which does not exist.", named);
            string[] candidates =
            [
                Path.Combine(Repository.Root, "src/Gatehouse.Cli/bin", Repository.Configuration, "net10.0/gatehouse"),
                Path.Combine(Repository.Root, "gatehouse"),
            ];
            return candidates.FirstOrDefault(File.Exists)
                ?? throw new FileNotFoundException($"The program is not built: none of {string.Join(", ", candidates)} exists.");
        }
    }

    /// <summary>Runs a command to its end (`check`, `schema`, ...), with the arguments as they are; any exit code is a result.</summary>
    /// <exception cref="TimeoutException">It did not end in time, and was killed.</exception>
    public static PeerResult Run(
        IEnumerable<string> arguments, TimeSpan? timeout = null, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null) =>
        PeerProcess.Run(Program, arguments, timeout, folder, environment);

    /// <summary>Starts `gatehouse serve --state DIR` with what follows, and waits until <paramref name="port"/> answers.</summary>
    /// <param name="port">The port of 127.0.0.1 to wait for.</param>
    /// <param name="arguments">The configuration file or folder, and options.</param>
    /// <param name="folder">Working folder.</param>
    /// <param name="environment">Variables to add.</param>
    public static GatehouseProcess Serve(
        int port, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null) =>
        Serve(arguments, process => process.WaitForPort(port), folder, environment);

    /// <summary>Starts `gatehouse serve --state DIR` with what follows, and waits until it has written <paramref name="readyLine"/>.</summary>
    public static GatehouseProcess Serve(
        string readyLine, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string?>? environment = null) =>
        Serve(arguments, process => process.WaitForOutput(readyLine), folder, environment);

    /// <summary>Runs a command that speaks to this server (`status`, `reload`, `stop`) over its control socket.</summary>
    public PeerResult Control(string command, params string[] arguments) => Run([command, "--state", State, .. arguments]);

    /// <summary>Waits until standard output or standard error contains <paramref name="text"/>.</summary>
    public void WaitForOutput(string text, TimeSpan? timeout = null) => _process.WaitForOutput(text, timeout);

    /// <summary>Waits until a TCP port of 127.0.0.1 accepts a connection.</summary>
    public void WaitForPort(int port, TimeSpan? timeout = null) => _process.WaitForPort(port, timeout);

    /// <summary>Waits for its end and gives the result.</summary>
    public PeerResult WaitForExit(TimeSpan timeout) => _process.WaitForExit(timeout);

    /// <summary>Sends it a signal, by its id.</summary>
    public void Signal(PosixSignal signal) => _process.Signal(signal);

    /// <summary>
    /// Asks it to drain (SIGTERM) and asserts that it ends with 0 within <paramref name="timeout"/> (default 35 seconds: the default drain and a margin).
    /// </summary>
    public PeerResult Stop(TimeSpan? timeout = null)
    {
        Signal(PosixSignal.Term);
        return WaitForExit(timeout ?? TimeSpan.FromSeconds(35)).Expect(0);
    }

    /// <summary>Kills it when it still runs, and removes its state.</summary>
    public void Dispose()
    {
        _process.Dispose();
        _state.Dispose();
    }

    private static GatehouseProcess Serve(
        IEnumerable<string> arguments, Action<PeerProcess> ready, string? folder, IReadOnlyDictionary<string, string?>? environment)
    {
        var state = new TempFolder();
        GatehouseProcess? server = null;
        try
        {
            server = new GatehouseProcess(PeerProcess.Start(Program, ["serve", "--state", state.Path, .. arguments], folder, environment), state);
            ready(server._process);
            return server;
        }
        catch
        {
            if (server is null) state.Dispose();
            else server.Dispose();
            throw;
        }
    }
}
