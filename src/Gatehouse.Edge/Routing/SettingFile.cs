using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Edge.Routing;

/// <summary>A small file that a setting names, read whole when handlers are built: at the start and at each reload.</summary>
internal static class SettingFile
{
    /// <summary>Reads the file; <paramref name="fault"/> says why it cannot be read, or that it has more than <paramref name="limit"/> bytes.</summary>
    public static bool TryRead(string path, int limit, [NotNullWhen(true)] out byte[]? content, [NotNullWhen(false)] out string? fault)
    {
        content = null;
        fault = null;
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            if (length > limit)
            {
                fault = $"the file '{path}' has {length} bytes, expected at most {limit}";
                return false;
            }
            var bytes = new byte[length];
            var read = 0;
            while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is var count and > 0)
                read += count;
            content = bytes[..read];
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            fault = $"the file '{path}' cannot be read: {exception.Message}";
            return false;
        }
    }
}
