using System.Globalization;
using Gatehouse.Host;

namespace Gatehouse.Cli;

/// <summary>The server's own messages on standard error, each with its time.</summary>
internal sealed class StandardErrorLog : IServerLog
{
    public void Info(string message) => Write("info", message);

    public void Warn(string message) => Write("warn", message);

    public void Error(string message) => Write("error", message);

    private static void Write(string level, string message) =>
        Console.Error.WriteLine($"{DateTimeOffset.Now.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture)} {level}: {message}");
}
