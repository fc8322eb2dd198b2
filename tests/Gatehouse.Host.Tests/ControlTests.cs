using System.Text.Json;
using Gatehouse.Testing;

namespace Gatehouse.Host.Tests;

/// <summary>status, reload and stop over the control socket.</summary>
public sealed class ControlTests
{
    [Fact]
    public void Status_says_what_runs()
    {
        using var running = new Running("sites: [{routes: [{match: /*, proxy: {to: [\"127.0.0.1:1\", {address: \"127.0.0.1:2\", weight: 3}]}}]}]");
        using var client = running.Connect();
        client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal(502, client.ReadResponse().Status);
        using var status = JsonDocument.Parse(running.Process.Control("status").Expect(0).Output);
        var root = status.RootElement;
        Assert.Equal(running.Process.Id, root.GetProperty("pid").GetInt32());
        Assert.Equal(1, root.GetProperty("generation").GetInt32());
        Assert.Equal(1, root.GetProperty("connections").GetInt32());
        Assert.Equal($"127.0.0.1:{running.Port}", root.GetProperty("listen")[0].GetProperty("address").GetString());
        var targets = root.GetProperty("upstreams")[0];
        Assert.Equal(("127.0.0.1:1", 1), (targets[0].GetProperty("target").GetString(), targets[0].GetProperty("weight").GetInt32()));
        Assert.Equal(("127.0.0.1:2", 3), (targets[1].GetProperty("target").GetString(), targets[1].GetProperty("weight").GetInt32()));
        Assert.Equal(2, targets[0].GetProperty("failures").GetInt64() + targets[1].GetProperty("failures").GetInt64());
    }

    [Fact]
    public void The_socket_is_its_owners_alone()
    {
        using var running = new Running(Running.Fixed("x"));
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(running.Process.State));
        Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(running.Process.State, "control.sock")));
        Assert.Equal($"{running.Process.Id}\n", PeerProcess.Run("cat", [Path.Combine(running.Process.State, "lock")]).Expect(0).Output);
    }

    [Fact]
    public void Stop_ends_the_server()
    {
        using var running = new Running(Running.Fixed("x"));
        Assert.Equal("x", running.Get("/").Text);
        Assert.Equal("stopping\n", running.Process.Control("stop").Expect(0).Output);
        running.Process.WaitForExit(Running.Patience).Expect(0);
        Assert.False(File.Exists(Path.Combine(running.Process.State, "control.sock")));
        var gone = running.Process.Control("status").Expect(2);
        Assert.Contains($"no server answers at {running.Process.State}/control.sock", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_requests_are_refused()
    {
        using var running = new Running(Running.Fixed("x"));
        foreach (var request in new[] { "GET /reload", "POST /status", "GET /", "DELETE /stop" })
        {
            using var client = RawClient.ConnectUnix(Path.Combine(running.Process.State, "control.sock"));
            client.Send($"{request} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            Assert.Equal(404, client.ReadResponse().Status);
        }
        Assert.Equal("x", running.Get("/").Text);
    }
}
