using System.Security.Cryptography;
using System.Text;

namespace Gatehouse.Net.Tls;

/// <summary>Reads the small files that TLS is set up with, whole; what goes wrong names the file.</summary>
internal static class TlsFile
{
    // The bundle of a system's authorities has some 200 KB.
    private const int MostBytes = 2 * 1024 * 1024;

    internal delegate T Parse<out T>(ReadOnlySpan<char> text);

    internal static T Read<T>(string path, Parse<T> parse)
    {
        var text = Encoding.Latin1.GetString(ReadBytes(path));
        try
        {
            return parse(text);
        }
        catch (CryptographicException exception)
        {
            throw new CryptographicException($"The file '{path}': {exception.Message}", exception);
        }
    }

    internal static byte[] ReadBytes(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length is 0 or > MostBytes)
                throw new CryptographicException($"The file '{path}' has {length} bytes; expected 1 to {MostBytes}.");
            var bytes = new byte[length];
            var read = 0;
            while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is var count and > 0)
                read += count;
            return bytes[..read];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new CryptographicException($"The file '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}
