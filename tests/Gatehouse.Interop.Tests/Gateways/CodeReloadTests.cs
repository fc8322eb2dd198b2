namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>New code comes into service without a request lost.</summary>
public sealed class CodeReloadTests
{
    [Fact]
    public void A_hundred_reloads_under_load_lose_no_request()
    {
        using var folder = new TempFolder();
        folder.Write("versioned.py", Version(0));
        using var served = Application.Start("versioned", "workers: 2", path: folder.Path);
        using var load = new Load(served.Port, ["/a", "/b"], answer => answer.Status == 200 ? null : answer.Text, clients: 4);
        load.WaitFor(20);
        for (var i = 1; i <= 100; i++)
        {
            if (i % 20 == 0)
                folder.Write("versioned.py", Version(i));
            served.Process.Signal(PosixSignal.Hup);
            load.WaitFor(4);
            if (i % 20 == 0)
                Served.Eventually(() => served.Get("/").Text == $"version {i}", $"version {i} came into service");
        }
        load.AssertNoFault();
    }

    [Fact]
    public void A_change_of_a_file_is_seen_when_asked_for()
    {
        using var folder = new TempFolder();
        folder.Write("versioned.py", Version(1));
        using var served = Application.Start("versioned", "workers: 1, reload: on-change", path: folder.Path);
        Assert.Equal("version 1", served.Get("/").Text);
        folder.Write("versioned.py", Version(22));
        Served.Eventually(() => served.Get("/").Text == "version 22", "the changed code");
    }

    [Fact]
    public void Code_that_does_not_load_is_not_used()
    {
        using var folder = new TempFolder();
        folder.Write("versioned.py", Version(1));
        using var served = Application.Start("versioned", "workers: 1", path: folder.Path);
        Assert.Equal("version 1", served.Get("/").Text);
        folder.Write("versioned.py", "this is no Python\n");
        served.Process.Signal(PosixSignal.Hup);
        Served.Eventually(() => served.Process.Error.Contains("the workers before go on serving", StringComparison.Ordinal), "what happened in the log");
        Assert.Equal("version 1", served.Get("/").Text);
    }

    [Fact]
    public void An_import_that_leaves_threads_is_made_in_each_worker()
    {
        using var folder = new TempFolder();
        folder.Write("threaded.py", "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n" + Version(3));
        using var served = Application.Start("threaded", "workers: 2", path: folder.Path);
        Assert.Equal("version 3", served.Get("/").Text);
        Assert.Contains("each worker imports it for itself", served.Process.Error, StringComparison.Ordinal);
    }

    // A different length each time, so that a compiled file of the same second is not taken for it.
    private static string Version(int number) =>
        $"def application(env, start_response):\n    start_response('200 OK', [])\n    return [b'version {number}']\n" + new string('#', number) + "\n";
}
