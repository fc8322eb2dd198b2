using Gatehouse.Testing;

namespace Gatehouse.Host.Tests;

/// <summary>Access logs of a running server: written behind the requests, opened anew on SIGUSR1, kept through reloads.</summary>
public sealed class LogFileTests
{
    private const string Logged = "sites: [{log: {file: access.log}, routes: [{match: /*, respond: x}]}]";

    [Fact]
    public void A_moved_log_is_opened_anew()
    {
        using var running = new Running(Logged);
        running.Get("/first");
        WaitFor(running, "access.log", "/first");
        File.Move(running.Folder["access.log"], running.Folder["access.log.1"]);
        running.Get("/second");
        WaitFor(running, "access.log.1", "/second");
        running.Process.Signal(PosixSignal.Usr1);
        // Opened by the next line to be written.
        Running.Eventually(() => running.Get("/third").Status == 200 && File.Exists(running.Folder["access.log"]), "the log is opened anew");
        WaitFor(running, "access.log", "/third");
        Assert.Contains("/second", File.ReadAllText(running.Folder["access.log.1"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_lost_at_a_reload_or_at_the_end()
    {
        using var running = new Running(Logged);
        for (var i = 0; i < 50; i++)
        {
            running.Get($"/request-{i}-");
            if (i == 25) running.Process.Control("reload").Expect(0);
        }
        running.Process.Stop();
        var log = File.ReadAllText(running.Folder["access.log"]);
        for (var i = 0; i < 50; i++) Assert.Equal(2, log.Split($"/request-{i}-").Length);
    }

    private static void WaitFor(Running running, string file, string text) => Running.Eventually(
        () => File.Exists(running.Folder[file]) && File.ReadAllText(running.Folder[file]).Contains(text, StringComparison.Ordinal), $"{file} has {text}");
}
