using System.Diagnostics;

namespace Gatehouse.Testing.Tests;

/// <summary>Real programs: output, exit codes, waits that end, and nothing left behind.</summary>
public sealed class PeerProcessTests
{
    [Fact]
    public void Gives_exit_code_and_both_outputs()
    {
        var environment = new Dictionary<string, string?> { ["NAME"] = "fault" };
        var result = PeerProcess.Run("sh", ["-c", "cat; echo $NAME >&2; exit 3"], environment: environment, input: "in"u8.ToArray());
        Assert.Equal(new PeerResult(3, "in", "fault\n"), result);
        Assert.Contains("fault", Assert.ThrowsAny<Exception>(() => result.Expect(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_does_not_end_is_killed_with_what_it_started()
    {
        using var peer = PeerProcess.Start("sh", ["-c", "sleep 600 & echo started $!; wait"]);
        peer.WaitForOutput("started ");
        peer.WaitForOutput("\n");
        var child = Process.GetProcessById(int.Parse(peer.Output.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Throws<TimeoutException>(() => peer.WaitForExit(TimeSpan.FromMilliseconds(50)));
        peer.Dispose();
        Assert.True(child.WaitForExit(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void A_signal_reaches_it()
    {
        using var peer = PeerProcess.Start("sh", ["-c", "trap 'echo caught; exit 7' TERM; echo ready; while :; do sleep 0.05; done"]);
        peer.WaitForOutput("ready");
        peer.Signal(PosixSignal.Term);
        Assert.Equal(7, peer.WaitForExit(TimeSpan.FromSeconds(10)).ExitCode);
        Assert.Contains("caught", peer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Waiting_for_one_that_ended_says_how_it_ended()
    {
        using var peer = PeerProcess.Start("sh", ["-c", "echo broken >&2; exit 5"]);
        var fault = Assert.Throws<InvalidOperationException>(() => peer.WaitForPort(FreePort.Tcp()));
        Assert.Contains("ended with 5", fault.Message, StringComparison.Ordinal);
        Assert.Contains("broken", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_is_free_and_given_once()
    {
        var ports = Enumerable.Range(0, 20).Select(_ => FreePort.Tcp()).ToList();
        Assert.Equal(20, ports.Distinct().Count());
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, ports[0]);
        listener.Start();
        using var client = RawClient.Connect(ports[0]);
    }

    [Fact]
    public void A_folder_goes_with_all_that_is_in_it()
    {
        string path;
        using (var folder = new TempFolder())
        {
            path = folder.Path;
            Assert.Equal("text", File.ReadAllText(folder.Write("a/b.txt", "text")));
        }
        Assert.False(Directory.Exists(path));
    }
}
