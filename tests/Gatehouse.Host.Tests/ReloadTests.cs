using Gatehouse.Testing;

namespace Gatehouse.Host.Tests;

/// <summary>A change of configuration is in force whole, or not at all.</summary>
public sealed class ReloadTests
{
    [Fact]
    public void The_changed_configuration_is_in_force_when_the_command_ends()
    {
        using var running = new Running(Running.Fixed("one"));
        using var kept = running.Connect();
        kept.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("one", kept.ReadResponse().Text);
        running.Rewrite(Running.Fixed("two"));
        Assert.Equal("one", running.Get("/").Text);
        Assert.Equal("reloaded\n", running.Process.Control("reload").Expect(0).Output);
        Assert.Equal("two", running.Get("/").Text);
        kept.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("two", kept.ReadResponse().Text);
        running.Process.WaitForOutput("configuration number 2 is in force");
    }

    [Theory]
    [InlineData("sites: [{rutes: []}]", "site.yaml:2:10: found the unknown key 'rutes' in 'sites'; did you mean 'routes'?")]
    [InlineData("sites: [", "site.yaml:")]
    [InlineData("reactors: 7", "'reactors' cannot change while the server runs: restart it")]
    [InlineData("listen: \"192.0.2.1:80\"", "cannot listen on 192.0.2.1:80")]
    public void A_faulty_one_leaves_the_old_in_force_and_says_why(string yaml, string reason)
    {
        using var running = new Running(Running.Fixed("one"));
        running.Rewrite(yaml);
        Assert.Contains(reason, running.Process.Control("reload").Expect(1).Error, StringComparison.Ordinal);
        running.Process.WaitForOutput("the one before stays in force");
        running.Process.WaitForOutput(reason);
        Assert.Equal("one", running.Get("/").Text);
        running.Rewrite(Running.Fixed("three"));
        running.Process.Control("reload").Expect(0);
        Assert.Equal("three", running.Get("/").Text);
    }

    [Fact]
    public void A_missing_file_leaves_the_old_in_force()
    {
        using var running = new Running(Running.Fixed("one"));
        File.Delete(running.File);
        Assert.Contains("site.yaml", running.Process.Control("reload").Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal("one", running.Get("/").Text);
    }

    [Fact]
    public void A_hangup_reloads()
    {
        using var running = new Running(Running.Fixed("one"));
        running.Rewrite(Running.Fixed("two"));
        running.Process.Signal(PosixSignal.Hup);
        Running.Eventually(() => running.Get("/").Text == "two", "the hangup is obeyed");
        running.Rewrite("sites: {");
        running.Process.Signal(PosixSignal.Hup);
        running.Process.WaitForOutput("the one before stays in force");
        Assert.Equal("two", running.Get("/").Text);
    }

    [Fact]
    public void Listeners_come_and_go_and_their_connections_stay()
    {
        using var running = new Running(Running.Fixed("one"));
        var other = FreePort.Tcp();
        using var old = running.Connect();
        old.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("one", old.ReadResponse().Text);
        running.Rewrite($"listen: [\"127.0.0.1:{other}\", \"unix:web.sock\"]\n{Running.Fixed("two")}");
        running.Process.Control("reload").Expect(0);
        Assert.Equal("two", Running.Get("/", other).Text);
        Assert.False(Running.Accepts(running.Port));
        old.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal("two", old.ReadResponse().Text);
        using (var unix = RawClient.ConnectUnix(running.Folder["web.sock"]))
        {
            unix.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Equal("two", unix.ReadResponse().Text);
        }
        running.Rewrite(Running.Fixed("three"));
        running.Process.Control("reload").Expect(0);
        Assert.Equal("three", running.Get("/").Text);
        Assert.False(Running.Accepts(other));
        Assert.False(File.Exists(running.Folder["web.sock"]));
    }

    [Fact]
    public void A_port_that_is_taken_by_another_changes_nothing()
    {
        using var running = new Running(Running.Fixed("one"));
        using var taken = new Running(Running.Fixed("other"));
        var free = FreePort.Tcp();
        running.Rewrite($"listen: [\"127.0.0.1:{free}\", \"127.0.0.1:{taken.Port}\"]\n{Running.Fixed("two")}");
        Assert.Contains($"cannot listen on 127.0.0.1:{taken.Port}", running.Process.Control("reload").Expect(1).Error, StringComparison.Ordinal);
        Assert.Equal("one", running.Get("/").Text);
        Assert.Equal("other", taken.Get("/").Text);
        Assert.False(Running.Accepts(free));
    }

    [Fact]
    public void Included_files_and_variables_are_read_anew()
    {
        using var running = new Running("include: parts/*.yaml");
        running.Folder.Write("parts/a.yaml", Running.Fixed("${file:secret}"));
        running.Folder.Write("parts/secret", "first");
        Assert.Equal(404, running.Get("/").Status);
        var result = running.Process.Control("reload");
        // The path of a secret starts at the configuration's folder, where there is none yet.
        Assert.Equal(1, result.ExitCode);
        running.Folder.Write("secret", "second");
        running.Process.Control("reload").Expect(0);
        Assert.Equal("second", running.Get("/").Text);
    }
}
