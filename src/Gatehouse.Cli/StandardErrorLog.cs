using System.Globalization;
using Gatehouse.Host;

namespace Gatehouse.Cli;

/// <summary>
/// The server's own messages on standard error, each with its time. What a message needs is made here, before the first: the runtime opens a descriptor for the
/// stream and for the time zone, and one of the messages is that there are none left.
/// </summary>
internal sealed class StandardErrorLog : IServerLog
{
    private readonly TextWriter _error = Console.Error;

    public StandardErrorLog() => _ = Line("info", "");

    public void Info(string message) => Write("info", message);

    public void Warn(string message) => Write("warn", message);

    public void Error(string message) => Write("error", message);

    private static string Line(string level, string message) =>
        $"{DateTimeOffset.Now.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture)} {level}: {message}";

    private void Write(string level, string message) => _error.WriteLine(Line(level, message));
}
