using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Gatehouse.Testing;

namespace Gatehouse.Net.Tests.Examples;

/// <summary>The pages of code in examples/ run as the README says, as programs of their own.</summary>
public sealed partial class ExampleTests
{
    [Fact]
    public void Sockets_greet_and_echo()
    {
        var endpoint = $"127.0.0.1:{FreePort.Tcp()}";
        using var server = Start("sockets-server", endpoint);
        server.WaitForOutput($"Listening on {endpoint}");
        var client = Run("sockets-client", "one\ntwo ü\n", endpoint);
        Assert.Equal("", client.Error);
        var lines = client.Output.Split('\n');
        Assert.Matches(@"^Hello 127\.0\.0\.1:\d+$", lines[0]);
        Assert.Equal(["one", "two ü", ""], lines[1..]);
        server.WaitForOutput("Received connection from 127.0.0.1:");
    }

    [Fact]
    public void Client_says_that_nobody_listens()
    {
        var endpoint = $"127.0.0.1:{FreePort.Tcp()}";
        var client = Run("sockets-client", "", endpoint);
        Assert.Equal((1, ""), (client.ExitCode, client.Output));
        Assert.Contains($"Cannot connect to {endpoint}", client.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_steps_of_TLS_are_taken()
    {
        var steps = Run("tls-steps", "");
        Assert.Equal(("", 0), (steps.Error, steps.ExitCode));
        Assert.Contains("2. certificate: for chat.test, signed by", steps.Output, StringComparison.Ordinal);
        Assert.Matches("4[.] wrong name:  Cannot connect to .*the certificate is for chat.test, not for bank.test", steps.Output);
        Assert.Matches("   no trust:    Cannot connect to .*", steps.Output);
        Assert.Contains("5. session key: TLSv1.3, TLS_", steps.Output, StringComparison.Ordinal);
        Assert.Contains("6. server says: welcome, you asked for chat.test\n   server says: HELLO OVER TLS\n", steps.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Telemetry_arrives()
    {
        var endpoint = $"127.0.0.1:{FreePort.Udp()}";
        using var collector = Start("udp-telemetry", "collect", endpoint, "3");
        collector.WaitForOutput($"Collecting on {endpoint}");
        using var sensor = Start("udp-telemetry", "send", "kitchen", endpoint, "200");
        var result = collector.WaitForExit(TimeSpan.FromSeconds(30));
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(3, Reading().Count(result.Output));
    }

    [Fact]
    public void Camera_is_watched()
    {
        var endpoint = $"127.0.0.1:{FreePort.Udp()}";
        using var viewer = Start("udp-camera", "view", endpoint);
        viewer.WaitForOutput($"Watching on {endpoint}");
        Assert.Equal(0, Run("udp-camera", "", "film", endpoint, "50").ExitCode);
        var result = viewer.WaitForExit(TimeSpan.FromSeconds(30));
        var counts = Counts().Match(result.Output);
        Assert.True(counts.Success, result.Output);

        // What was lost at the very end nobody can have counted; a loaded machine reorders even its loopback.
        Assert.InRange(Number(counts, 1) + Number(counts, 2), 900, 1000);
    }

    [Fact]
    public void Viewer_counts_what_is_lost_and_out_of_order()
    {
        var port = FreePort.Udp();
        using var viewer = Start("udp-camera", "view", $"127.0.0.1:{port}");
        viewer.WaitForOutput("Watching on");
        using var camera = new UdpClient("127.0.0.1", port);
        foreach (var sequence in (uint[])[0, 1, 4, 2, 6, uint.MaxValue])
        {
            var piece = new byte[100];
            BinaryPrimitives.WriteUInt32BigEndian(piece, sequence);
            camera.Send(piece);
            Thread.Sleep(20);
        }
        camera.Send([1, 2, 3]);
        Assert.Contains("5 pieces received, 2 lost, 1 out of order", viewer.WaitForExit(TimeSpan.FromSeconds(30)).Output, StringComparison.Ordinal);
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);

    private static string Program(string name)
    {
        var path = Path.Combine(Repository.Root, "examples", name, "bin", Repository.Configuration, "net10.0", $"{name}.dll");
        Assert.True(File.Exists(path), $"{path} is missing: the build of this test makes it.");
        return path;
    }

    private static PeerProcess Start(string name, params string[] arguments) => PeerProcess.Start("dotnet", [Program(name), .. arguments]);

    private static PeerResult Run(string name, string input, params string[] arguments) =>
        PeerProcess.Run("dotnet", [Program(name), .. arguments], input: Encoding.UTF8.GetBytes(input));

    [GeneratedRegex(@"^kitchen from 127\.0\.0\.1: 2\d\.\d \(1 sensors\)$", RegexOptions.Multiline)]
    private static partial Regex Reading();

    [GeneratedRegex(@"^(\d+) pieces received, (\d+) lost, (\d+) out of order$", RegexOptions.Multiline)]
    private static partial Regex Counts();
}
