using Gatehouse.Edge.Files;
using Gatehouse.Edge.Tests.Support;
using Gatehouse.Http.Settings;
using Gatehouse.Net.Files;
using Gatehouse.Net.Reactors;
using Gatehouse.Testing;

namespace Gatehouse.Edge.Tests.Files;

/// <summary>A large file that the kernel has dropped from memory is read on the I/O pool: the reactor's other connections do not wait for the disk.</summary>
public sealed class ColdFileTests
{
    private const int Length = 5 * 1024 * 1024;

    [Fact]
    public void A_cold_file_holds_no_other_client_of_its_reactor()
    {
        // Beside the program rather than in the folder for temporary files, which may be memory and cannot be dropped.
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"cold-{Guid.NewGuid():n}"));
        try
        {
            var bytes = new byte[Length];
            new Random(1).NextBytes(bytes);
            var path = Path.Combine(folder.FullName, "big.bin");
            File.WriteAllBytes(path, bytes);
            File.WriteAllText(Path.Combine(folder.FullName, "small.txt"), "small");
            using var server = new EdgeServer(group => Files(group, folder.FullName));
            Assert.Equal("small", server.Get("/small.txt").Text);
            Assert.Equal(200, server.Get("/big.bin", method: "HEAD").Status);
            Drop(path);

            using (var disk = new BusyDisk())
            {
                using var cold = server.Connect();
                cold.Send("GET /big.bin HTTP/1.1\r\nHost: test\r\n\r\n");
                for (var i = 0; i < 5; i++)
                    Assert.Equal("small", server.Get("/small.txt").Text);
                Assert.False(cold.Socket.Poll(TimeSpan.FromMilliseconds(200), System.Net.Sockets.SelectMode.SelectRead), "the cold file is sent without the disk");
                disk.Free.Set();
                Assert.True(bytes.AsSpan().SequenceEqual(cold.ReadResponse().Body), "the cold file came whole");
            }

            // Now it is warm, and asks the disk no more.
            using (new BusyDisk())
                Assert.True(bytes.AsSpan().SequenceEqual(server.Get("/big.bin").Body), "the warm file came whole");

            Drop(path);
            var range = server.Get("/big.bin", "Range: bytes=3000000-3000009\r\n");
            Assert.Equal(206, range.Status);
            Assert.Equal(bytes[3_000_000..3_000_010], range.Body);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static FilesHandler Files(ReactorGroup group, string folder)
    {
        var config = new FilesConfig { Root = new FilePath(folder) };
        var stores = new FileStores(group.Reactors);
        stores.Begin();
        var handler = new FilesHandler(config, stores.Get(config));
        stores.Commit();
        return handler;
    }

    private static void Drop(string path)
    {
        // What is not on the disk yet cannot be dropped.
        const string Program = "import os,sys\nf=os.open(sys.argv[1],os.O_RDONLY)\nos.fsync(f)\nos.posix_fadvise(f,0,0,os.POSIX_FADV_DONTNEED)";
        PeerProcess.Run("python3", ["-c", Program, path]).Expect(0);
        using var file = File.OpenHandle(path);
        Assert.False(CachedReads.Has(file, 0, Length), "The file stays in memory: this file system cannot drop it.");
    }

    /// <summary>Keeps every thread of the I/O pool at work until it is free.</summary>
    private sealed class BusyDisk : IDisposable
    {
        private const int Works = 64;
        private readonly CountdownEvent _ended = new(Works);

        public BusyDisk()
        {
            using var reactor = new Reactor(0);
            for (var i = 0; i < Works; i++)
                Assert.True(IoPool.Shared.TryRun(new Work(this), reactor));
        }

        public ManualResetEventSlim Free { get; } = new();

        public void Dispose()
        {
            Free.Set();
            Assert.True(_ended.Wait(TimeSpan.FromSeconds(20)));
            _ended.Dispose();
            Free.Dispose();
        }

        private sealed class Work(BusyDisk disk) : IoWork
        {
            protected override void Execute()
            {
                disk.Free.Wait();
                disk._ended.Signal();
            }

            protected override void Complete(Exception? failure)
            {
            }
        }
    }
}
