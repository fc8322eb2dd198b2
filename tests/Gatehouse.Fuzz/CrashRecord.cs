using System.IO.MemoryMappedFiles;
using Gatehouse.Fuzz.Mutations;

namespace Gatehouse.Fuzz;

/// <summary>
/// The input under way in a mapped file, whose pages the kernel keeps when the process is gone: a stack overflow or an abort can be replayed. Written
/// before each input at the cost of a copy; deleted when the run ends by itself.
/// </summary>
internal sealed class CrashRecord : IDisposable
{
    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;

    public CrashRecord(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        const int size = sizeof(int) + Mutator.MaxLength;
        _map = MemoryMappedFile.CreateFromFile(_file, null, size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        _view = _map.CreateViewAccessor();
    }

    public void Write(byte[] input)
    {
        var length = Math.Min(input.Length, Mutator.MaxLength);
        _view.Write(0, length);
        _view.WriteArray(sizeof(int), input, 0, length);
    }

    /// <summary>The input in a record that a crashed process left.</summary>
    public static byte[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes.AsSpan(sizeof(int), BitConverter.ToInt32(bytes)).ToArray();
    }

    public void Dispose()
    {
        _view.Dispose();
        _map.Dispose();
        _file.Dispose();
        File.Delete(_file.Name);
    }
}
