using Gatehouse.Testing;
using Microsoft.Win32.SafeHandles;

namespace Gatehouse.Http.Server.Tests.Support;

/// <summary>An open file whose content is <see cref="ExchangeExtensions.Pattern"/>.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly TempFolder _folder = new();

    public TemporaryFile(int length)
    {
        Content = ExchangeExtensions.Pattern(length);
        Path = _folder.Write("file", Content);
        Handle = File.OpenHandle(Path, share: FileShare.ReadWrite);
    }

    public string Path { get; }

    public byte[] Content { get; }

    public SafeFileHandle Handle { get; }

    public void Dispose()
    {
        Handle.Dispose();
        _folder.Dispose();
    }
}
