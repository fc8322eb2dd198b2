using System.Text;

namespace Gatehouse.Testing;

/// <summary>A new folder, readable by its owner only, that is deleted with everything in it at dispose.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Makes the folder below the system's folder for temporary files.</summary>
    public TempFolder() => Path = Directory.CreateTempSubdirectory("gatehouse-test-").FullName;

    /// <summary>The folder's absolute path.</summary>
    public string Path { get; }

    /// <summary>The absolute path of <paramref name="relative"/> below the folder, which need not exist.</summary>
    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <summary>Writes a file (UTF-8 without a mark, line ends as given) and the folders above it; gives its absolute path.</summary>
    public string Write(string relative, string text) => Write(relative, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file and the folders above it; gives its absolute path.</summary>
    public string Write(string relative, ReadOnlySpan<byte> bytes)
    {
        var path = this[relative];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Deletes the folder. A file that a dying process still creates at the same time is deleted at the second try.</summary>
    public void Dispose()
    {
        for (var tries = 5; Directory.Exists(Path); tries--)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException) when (tries > 1)
            {
                Thread.Sleep(50);
            }
        }
    }
}
