namespace Gatehouse.Interop.Tests.Files;

/// <summary>What changes on disk while the server runs is seen within about a second.</summary>
public sealed class ChangeTests : IDisposable
{
    // A change is looked for once a second; the rest is for a loaded machine.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private readonly Served _served = Served.Start(
        "sites: [{routes: [{match: /*, files: {root: public}}]}]",
        folder =>
        {
            folder.Write("public/small.txt", "one");
            folder.Write("public/large.bin", Noise.Bytes(100_000, 1));
        });

    [Fact]
    public void New_changed_replaced_and_deleted_files_are_noticed()
    {
        Assert.Equal("one", _served.Get("/small.txt").Text);
        Assert.Equal(404, _served.Get("/later.txt").Status);

        _served.Folder.Write("public/small.txt", "two");
        Served.Eventually(() => _served.Get("/small.txt").Text == "two", "same length, other content", Soon);

        _served.Folder.Write("public/next", "three, by rename");
        File.Move(_served.Folder["public/next"], _served.Folder["public/small.txt"], overwrite: true);
        Served.Eventually(() => _served.Get("/small.txt").Text == "three, by rename", "a file replaced by rename", Soon);

        _served.Folder.Write("public/later.txt", "new");
        Served.Eventually(() => _served.Get("/later.txt").Status == 200, "a new file", Soon);

        File.Delete(_served.Folder["public/small.txt"]);
        Served.Eventually(() => _served.Get("/small.txt").Status == 404, "a deleted file", Soon);

        Directory.CreateDirectory(_served.Folder["public/small.txt"]);
        _served.Folder.Write("public/small.txt/index.html", "now a folder");
        Served.Eventually(() => _served.Get("/small.txt").Status == 308, "a folder in place of a file", Soon);
    }

    [Fact]
    public void A_root_that_is_replaced_as_a_whole_is_followed()
    {
        Assert.Equal("one", _served.Get("/small.txt").Text);
        Directory.Delete(_served.Folder["public"], recursive: true);
        Served.Eventually(() => _served.Get("/small.txt").Status is 404 or 503, "a root that is gone", Soon);
        _served.Folder.Write("release-1/small.txt", "release 1");
        _served.Folder.Write("release-2/small.txt", "release 2");
        Directory.CreateSymbolicLink(_served.Folder["public"], "release-1");
        Served.Eventually(() => _served.Get("/small.txt").Text == "release 1", "a new root", Soon);
        Directory.CreateSymbolicLink(_served.Folder["next"], "release-2");
        PeerProcess.Run("mv", ["-T", _served.Folder["next"], _served.Folder["public"]]).Expect(0);
        Served.Eventually(() => _served.Get("/small.txt").Text == "release 2", "a link that was turned", Soon);
    }

    [Fact]
    public void A_changed_large_file_is_never_mixed()
    {
        var before = Noise.Bytes(100_000, 1);
        var after = Noise.Bytes(150_000, 2);
        Noise.AssertSame(before, _served.Get("/large.bin").Body);
        _served.Folder.Write("public/next", after);
        File.Move(_served.Folder["public/next"], _served.Folder["public/large.bin"], overwrite: true);
        Served.Eventually(
            () =>
            {
                var body = _served.Get("/large.bin").Body;
                if (body.Length == before.Length) Noise.AssertSame(before, body);
                else Noise.AssertSame(after, body);
                return body.Length == after.Length;
            },
            "the new content",
            Soon);
    }

    [Fact]
    public void Descriptors_of_replaced_files_are_given_back()
    {
        for (var i = 0; i < 30; i++) _served.Folder.Write($"public/{i}.bin", Noise.Bytes(40_000, i));
        for (var i = 0; i < 30; i++) Assert.Equal(200, _served.Get($"/{i}.bin").Status);
        var held = _served.OpenDescriptors;
        for (var i = 0; i < 30; i++) File.Delete(_served.Folder[$"public/{i}.bin"]);
        Served.Eventually(() => Enumerable.Range(0, 30).All(i => _served.Get($"/{i}.bin").Status == 404), "all deleted files are gone", Soon);
        // Each reactor has a cache of its own, and only the one that is asked looks: chance must have asked each for every file.
        Served.Eventually(
            () =>
            {
                for (var i = 0; i < 30; i++) _served.Get($"/{i}.bin");
                return _served.OpenDescriptors <= held - 30;
            },
            $"descriptors of deleted files closed ({held} were open)");
    }

    public void Dispose() => _served.Dispose();
}
