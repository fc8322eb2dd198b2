using System.Globalization;
using System.Text.Json;

namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>What a worker is: user, group, umask, folder, threads, and how many processes it may have.</summary>
public sealed class WorkerLimitTests
{
    [Fact]
    public void A_worker_becomes_the_user_and_group_that_are_asked_for()
    {
        Assert.SkipUnless(Environment.UserName == "root", "This test gives up root, and so needs it.");
        using var folder = ReadableFolder();
        using var served = Application.Start("limits", $"workers: 1, user: nobody, group: www-data, umask: '027', folder: '{folder.Path}', python: {Example.Python}", path: folder.Path);
        var worker = JsonDocument.Parse(served.Get("/").Text).RootElement;
        Assert.Equal("nobody", worker.GetProperty("user").GetString());
        Assert.Equal("www-data", worker.GetProperty("group").GetString());
        Assert.False(worker.GetProperty("groups").EnumerateArray().Any(group => group.GetInt32() == 0), "root's groups are given up");
        Assert.Equal("027", worker.GetProperty("umask").GetString());
        Assert.Equal(folder.Path, worker.GetProperty("folder").GetString());
        Assert.False(worker.GetProperty("regains").GetBoolean(), "root cannot be taken back");
    }

    [Fact]
    public void A_fork_bomb_is_held_by_the_process_limit()
    {
        Assert.SkipUnless(Environment.UserName == "root", "This test gives a worker a user of its own, which needs root.");
        using var folder = ReadableFolder();
        // The limit counts all that a user has: one that nobody else uses.
        using var served = Application.Start("limits", $"workers: 1, user: '54321', group: '54321', processes: 20, python: {Example.Python}", path: folder.Path);
        var forked = int.Parse(served.Get("/bomb").Text, CultureInfo.InvariantCulture);
        Assert.InRange(forked, 5, 20);
        Assert.Equal(200, served.Get("/").Status);
    }

    [Fact]
    public void Threads_of_a_worker_answer_side_by_side()
    {
        using var served = Application.Start("cases", "workers: 1, threads: 4");
        var clients = Enumerable.Range(0, 4).Select(_ => served.Connect()).ToArray();
        foreach (var client in clients)
            client.Send(Served.Head("GET", "/together?4"));
        foreach (var client in clients)
        {
            // Each waits for all four: one after the other they would never come together.
            Assert.Equal("together", client.ReadResponse().Text);
            client.Dispose();
        }
        Assert.Contains("\"wsgi.multithread\": true", served.Get("/environ").Text, StringComparison.Ordinal);
        var body = new byte[500_000];
        new Random(3).NextBytes(body);
        Assert.Equal(body, served.Send("POST", "/echo", body).Body);
        Assert.Equal(500, served.Get("/raise").Status);
        Assert.Equal(200, served.Get("/pid").Status);
    }

    // Below /tmp, with a way in for others than its owner.
    private static TempFolder ReadableFolder()
    {
        var folder = new TempFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(folder.Write("limits.py", File.ReadAllText(Path.Combine(Application.Folder, "limits.py"))), (UnixFileMode)0b110_100_100);
        return folder;
    }
}
