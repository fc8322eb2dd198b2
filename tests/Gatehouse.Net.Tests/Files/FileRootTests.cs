using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using CsCheck;
using Gatehouse.Net.Files;

namespace Gatehouse.Net.Tests.Files;

/// <summary>Every test runs with the kernel's resolver and with the walk; they differ in one thing, which <see cref="Links_that_stay_inside"/> names.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class FileRootTests : IDisposable
{
    private readonly string _outside = Directory.CreateTempSubdirectory("gatehouse-").FullName;
    private readonly string _inside;

    public FileRootTests()
    {
        _inside = Path.Combine(_outside, "root");
        Directory.CreateDirectory(Path.Combine(_inside, "folder", "deep"));
        File.WriteAllText(Path.Combine(_outside, "secret"), "secret");
        File.WriteAllText(Path.Combine(_inside, "file"), "content");
        File.WriteAllText(Path.Combine(_inside, "folder", "deep", "é..x"), "deep");
        File.CreateSymbolicLink(Path.Combine(_inside, "relative-out"), "../secret");
        File.CreateSymbolicLink(Path.Combine(_inside, "absolute-out"), Path.Combine(_outside, "secret"));
        File.CreateSymbolicLink(Path.Combine(_inside, "absolute-in"), Path.Combine(_inside, "file"));
        File.CreateSymbolicLink(Path.Combine(_inside, "folder-out"), "..");
        File.CreateSymbolicLink(Path.Combine(_inside, "folder", "in"), "../file");
        File.CreateSymbolicLink(Path.Combine(_inside, "folder-in"), "folder/deep");
        File.CreateSymbolicLink(Path.Combine(_inside, "nowhere"), "missing");
        File.CreateSymbolicLink(Path.Combine(_inside, "loop"), "loop");
        File.CreateSymbolicLink(Path.Combine(_inside, "magic"), "/proc/self/root/etc/passwd");
        Assert.Equal(0, MakeFifo(Encoding.UTF8.GetBytes(Path.Combine(_inside, "fifo") + '\0'), 0x1B6));
    }

    public static TheoryData<bool> Resolvers => [false, true];

    public void Dispose() => Directory.Delete(_outside, recursive: true);

    [Fact]
    public void This_kernel_is_asked_once_for_its_resolver() => Assert.Equal(BeneathResolver.IsKernelAble, BeneathResolver.IsKernelAble);

    [Theory]
    [MemberData(nameof(Resolvers))]
    public void Files_are_opened_and_described(bool walk)
    {
        using var root = Root(walk);
        (string, string)[] files = [("file", "content"), ("./file", "content"), ("folder/deep/é..x", "deep"), ("folder//./deep///é..x", "deep")];
        foreach (var (path, content) in files)
        {
            Assert.Equal(0, root.TryOpen(Encoding.UTF8.GetBytes(path), out var file, out var facts));
            using (file)
            {
                var info = new FileInfo(Path.Combine(_inside, path));
                Assert.Equal((FileKind.Regular, info.Length), (facts.Kind, facts.Length));
                Assert.InRange(facts.ModifiedNanoseconds - ((info.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100), 0, 99);
                Assert.Equal(((DateTimeOffset)info.LastWriteTimeUtc).ToUnixTimeSeconds(), facts.ModifiedSeconds);
                var bytes = new byte[100];
                Assert.Equal(content, Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file!, bytes, 0)));
                Assert.Equal(0, root.TryDescribe(Encoding.UTF8.GetBytes(path), out var again));
                Assert.Equal(facts, again);
                Assert.NotEqual(0ul, facts.Inode);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Resolvers))]
    public void Folders_and_fifos_are_told_and_not_opened(bool walk)
    {
        using var root = Root(walk);
        foreach (var path in (string[])["", ".", "folder", "folder/", "fifo"])
        {
            Assert.Equal(0, root.TryOpen(Encoding.UTF8.GetBytes(path), out var file, out var facts));
            Assert.Null(file);
            Assert.Equal(path == "fifo" ? FileKind.Other : FileKind.Folder, facts.Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Resolvers))]
    public void Nothing_leads_out(bool walk)
    {
        using var root = Root(walk);
        string[] escapes =
        [
            "..", "../", "../secret", "folder/../../secret", "folder/..", "./../secret", "folder/../file", "/etc/passwd", "//etc/passwd",
            "folder//../..//secret", "relative-out", "absolute-out", "absolute-in", "folder-out/secret", "folder-out/root/file", "magic", "file/..",
            "missing/../file",
        ];
        foreach (var path in escapes)
            Refused(root, path, Errno.CrossDevice, Errno.Loop);
    }

    [Theory]
    [MemberData(nameof(Resolvers))]
    public void What_is_no_path_is_refused(bool walk)
    {
        using var root = Root(walk);
        Refused(root, "file\0", Errno.Invalid);
        Refused(root, "\0", Errno.Invalid);
        Refused(root, "fi\0le", Errno.Invalid);
        Refused(root, new string('a', 4096), Errno.NameTooLong);
        Refused(root, new string('a', 256), Errno.NameTooLong);
        Refused(root, string.Concat(Enumerable.Repeat("a/", 3000)), Errno.NameTooLong);
        Refused(root, "missing", Errno.NoEntry);
        Refused(root, "nowhere", Errno.NoEntry, Errno.Loop);
        Refused(root, "loop", Errno.Loop);
        Refused(root, "file/", Errno.NotDirectory);
        Refused(root, "file/x", Errno.NotDirectory);
        Refused(root, "...", Errno.NoEntry);
        Refused(root, "..%2fsecret", Errno.NoEntry);
        Refused(root, "..\\secret", Errno.NoEntry);
    }

    [Theory]
    [MemberData(nameof(Resolvers))]
    public void Links_that_stay_inside(bool walk)
    {
        using var root = Root(walk);
        foreach (var path in (string[])["folder/in", "folder-in/é..x"])
        {
            var errno = root.TryOpen(Encoding.UTF8.GetBytes(path), out var file, out var facts);
            file?.Dispose();
            Assert.Equal(walk ? Errno.Loop : 0, errno);
            Assert.Equal(walk ? FileKind.Other : FileKind.Regular, facts.Kind);
            Assert.Equal(errno, root.TryDescribe(Encoding.UTF8.GetBytes(path), out _));
        }
    }

    [Theory]
    [MemberData(nameof(Resolvers))]
    public void A_folder_is_listed_without_what_leads_out(bool walk)
    {
        using var root = Root(walk);
        var entries = new List<FolderEntry>();
        Assert.Equal(0, root.TryList(""u8, 100, entries, out var isTruncated));
        Assert.False(isTruncated);
        var names = entries.Select(entry => Encoding.UTF8.GetString(entry.Name.Span)).Order(StringComparer.Ordinal);
        Assert.Equal(walk ? ["fifo", "file", "folder"] : ["fifo", "file", "folder", "folder-in"], names);
        var file = entries.Single(entry => entry.Name.Span.SequenceEqual("file"u8));
        Assert.Equal((FileKind.Regular, 7L), (file.Facts.Kind, file.Facts.Length));
        if (!walk)
            Assert.Equal(FileKind.Folder, entries.Single(entry => entry.Name.Span.SequenceEqual("folder-in"u8)).Facts.Kind);
        Assert.Equal(Errno.NotDirectory, root.TryList("file"u8, 100, entries, out _));
        Assert.Equal(Errno.CrossDevice, root.TryList(".."u8, 100, entries, out _));
    }

    [Theory]
    [MemberData(nameof(Resolvers))]
    public void A_listing_is_bounded(bool walk)
    {
        for (var i = 0; i < 3000; i++)
            File.WriteAllText(Path.Combine(_inside, "folder", $"a file with quite a long name, number {i}"), "");
        using var root = Root(walk);
        var entries = new List<FolderEntry>();
        Assert.Equal(0, root.TryList("folder"u8, 10_000, entries, out var isTruncated));
        Assert.Equal((false, walk ? 3001 : 3002), (isTruncated, entries.Count));
        Assert.Equal(entries.Count, entries.Select(entry => Encoding.UTF8.GetString(entry.Name.Span)).Distinct().Count());
        entries.Clear();
        Assert.Equal(0, root.TryList("folder/"u8, 100, entries, out isTruncated));
        Assert.Equal((true, 100), (isTruncated, entries.Count));
    }

    [Fact]
    public void The_root_stays_the_folder_that_was_opened()
    {
        using var root = FileRoot.Open(_inside);
        Directory.Move(_inside, _inside + "-moved");
        Directory.CreateDirectory(_inside);
        Assert.Equal(0, root.TryDescribe("file"u8, out var facts));
        Assert.Equal(7, facts.Length);
    }

    [Fact]
    public void A_root_that_is_no_folder_is_refused_with_its_name()
    {
        var failure = Assert.Throws<DirectoryNotFoundException>(() => FileRoot.Open(Path.Combine(_inside, "file")));
        Assert.Contains(Path.Combine(_inside, "file"), failure.Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => FileRoot.Open(Path.Combine(_inside, "missing")));
        Assert.Throws<IOException>(() => FileRoot.Open("a\0b"));
    }

    [Fact]
    public void Random_paths_never_give_the_secret()
    {
        string[] parts = ["..", ".", "/", "//", "file", "folder", "deep", "in", "folder-in", "folder-out", "relative-out", "root", "secret", "\0", "%2e", " "];
        using FileRoot kernel = Root(false), walk = Root(true);
        Gen.Int[0, parts.Length - 1].Array[0, 12].Sample(
            picks =>
            {
                var path = Encoding.UTF8.GetBytes(string.Concat(picks.Select(pick => parts[pick])));
                foreach (var root in (FileRoot[])[kernel, walk])
                {
                    if (root.TryOpen(path, out var file, out var facts) == 0)
                        Assert.NotEqual(6, facts.Length);
                    file?.Dispose();
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void Cached_reads_read_what_is_in_memory_and_find_the_end()
    {
        using var file = File.OpenHandle(Path.Combine(_inside, "file"));
        RandomAccess.Read(file, new byte[10], 0);
        var buffer = new byte[100];
        var result = CachedReads.TryRead(file, buffer, 3);
        Assert.True(result.IsWouldBlock || result.Count == 4, $"Expected 4 bytes, or none on a file system that cannot tell; found {result}.");
        Assert.True(CachedReads.TryRead(file, buffer, 7) is { IsEndOfStream: true } or { IsWouldBlock: true });
    }

    private static void Refused(FileRoot root, string path, params int[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        var errno = root.TryOpen(bytes, out var file, out _);
        Assert.Null(file);
        Assert.True(expected.Contains(errno), $"Expected errno {string.Join(" or ", expected)} for '{path}'; found {errno}.");
        var described = root.TryDescribe(bytes, out _);
        Assert.True(expected.Contains(described), $"Expected errno {string.Join(" or ", expected)} for '{path}' described; found {described}.");
    }

    private FileRoot Root(bool walk)
    {
        Assert.SkipUnless(walk || BeneathResolver.IsKernelAble, "This kernel has no openat2(2).");
        return FileRoot.Open(_inside, walk);
    }

    [LibraryImport("libc", EntryPoint = "mkfifo")]
    private static partial int MakeFifo([In] byte[] path, uint mode);
}
