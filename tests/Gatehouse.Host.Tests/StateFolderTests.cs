using Gatehouse.Host.State;
using Gatehouse.Testing;

namespace Gatehouse.Host.Tests;

public sealed class StateFolderTests
{
    [Fact]
    public void One_owner_at_a_time()
    {
        using var folder = new TempFolder();
        var path = folder["deep/state"];
        using (var first = StateFolder.Open(path))
        {
            Assert.Equal(path, first.Path);
            var refused = Assert.Throws<IOException>(() => StateFolder.Open(path));
            Assert.Contains($"gatehouse stop --state {path}", refused.Message, StringComparison.Ordinal);
        }
        using var second = StateFolder.Open(path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
    }

    [Fact]
    public void What_is_no_folder_is_refused()
    {
        using var folder = new TempFolder();
        folder.Write("file", "");
        Assert.ThrowsAny<IOException>(() => StateFolder.Open(folder["file"]));
        Assert.ThrowsAny<IOException>(() => StateFolder.Open(folder["file/below"]));
    }

    [Fact]
    public void A_temporary_one_is_gone_afterwards()
    {
        string path;
        using (var temporary = StateFolder.OpenTemporary())
        {
            path = temporary.Path;
            Assert.Equal(Path.Combine(path, "control.sock"), StateFolder.ControlSocketIn(path));
            Assert.True(Directory.Exists(path));
        }
        Assert.False(Directory.Exists(path));
    }
}
