using Gatehouse.Bench.Processes;

namespace Gatehouse.Bench.Servers;

/// <summary>uvicorn with one worker, uvloop and httptools.</summary>
internal sealed class Uvicorn : IServerProgram
{
    public string Name => "uvicorn";
    public string Settings => "uvloop, httptools, no access log";

    public Launch Configure(ServerSetup setup)
    {
        var app = setup.Application!;
        return new Launch(
            PythonApplication.Interpreter,
            [
                "-m", "uvicorn", "--host", "127.0.0.1", "--port", $"{setup.Port}", "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "critical",
                "--timeout-keep-alive", "600", "--app-dir", app.Folder, app.Name,
            ])
        { Environment = setup.ApplicationEnvironment };
    }
}
