namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>Debian's php-cgi, started and watched by <c>fastcgi: {spawn: [php-cgi]}</c>.</summary>
public sealed class SpawnTests
{
    [Fact]
    public void Processes_are_started_replaced_and_ended_with_the_server()
    {
        PeerProcess.Require("php-cgi");
        int[] ids;
        using (var served = Serve("[php-cgi, -n]"))
        {
            ids = [.. Enumerable.Range(0, 3).Select(_ => PidOf(served))];
            Assert.Equal(200, served.Send("POST", "/pid.php", Noise.Bytes(100_000)).Status);
            // A process that is killed is replaced, and other requests are answered meanwhile.
            for (var round = 0; round < 3; round++)
            {
                var victim = PidOf(served);
                PeerProcess.Run("kill", ["-9", $"{victim}"]).Expect(0);
                Served.Eventually(() => served.Get("/pid.php") is { Status: 200 } answer && answer.Text != $"{victim}", "another process answers");
                served.Process.WaitForOutput($"process {victim} ended with signal 9 (SIGKILL) and is replaced");
            }
            ids = [.. ids, PidOf(served)];
            served.Process.Stop();
        }
        Served.Eventually(() => ids.All(HasEnded), "no process is left");
    }

    [Fact]
    public void They_end_also_when_the_server_is_killed()
    {
        PeerProcess.Require("php-cgi");
        using var served = Serve("{command: [php-cgi, -n], processes: 2, env: {GREETING: hello}}");
        var id = PidOf(served);
        Assert.Equal("hello", served.Get("/env.php").Text);
        served.Process.Signal(PosixSignal.Kill);
        Served.Eventually(() => HasEnded(id), "the process is gone");
    }

    [Fact]
    public void A_program_that_is_not_there_leaves_503_and_a_reason()
    {
        using var served = Served.Start("""
            sites:
              - routes:
                  - {match: "*.php", fastcgi: {spawn: [no-such-program], root: .}}
                  - {match: /*, respond: fine}
            """, folder => folder.Write("x.php", ""));
        Assert.Equal("fine", served.Get("/").Text);
        served.Process.WaitForOutput("there is no program 'no-such-program'");
    }

    private static Served Serve(string spawn) => Served.Start($$"""
        reactors: 1
        sites:
          - routes:
              - match: "*.php"
                fastcgi: {spawn: {{spawn}}, root: php, keep: 1}
        """, folder =>
    {
        folder.Write("php/pid.php", "<?php echo getmypid();");
        folder.Write("php/env.php", "<?php echo getenv('GREETING');");
    });

    private static int PidOf(Served served)
    {
        RawResponse answer = null!;
        Served.Eventually(() => (answer = served.Get("/pid.php")).Status == 200, "php-cgi answers");
        return int.Parse(answer.Text, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static bool HasEnded(int id) => !File.Exists($"/proc/{id}/stat") || File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
}
