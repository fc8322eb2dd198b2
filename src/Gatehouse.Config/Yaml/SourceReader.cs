using System.Text;
using System.Text.Unicode;

namespace Gatehouse.Config.Yaml;

/// <summary>Reads a configuration's file and those that it includes, and joins them into one mapping.</summary>
/// <param name="reader">Turns text into nodes.</param>
/// <param name="merger">Joins the mappings.</param>
/// <param name="faults">Where faults go.</param>
internal sealed class SourceReader(YamlReader reader, NodeMerger merger, FaultList faults)
{
    private const string IncludeKey = "include";

    private readonly HashSet<string> _known = [];
    private long _bytes;

    /// <summary>The files read, as they are named in faults; the configuration itself first.</summary>
    public List<string> Files { get; } = [];

    /// <summary>Reads a file with all that it includes; null when it cannot be read, which has been reported.</summary>
    public YamlMapping? ReadFile(string path) => ReadFile(path, new SourceMark(path, 1, 1));

    /// <summary>Reads a text that stands for the file at <paramref name="path"/>, with all that it includes.</summary>
    public YamlMapping? ReadText(string text, string path)
    {
        Files.Add(path);
        _known.Add(Path.GetFullPath(path));
        switch (reader.Read(text, path))
        {
            case YamlMapping mapping:
                return WithIncludes(mapping, path);
            case YamlScalar { IsNull: true } nothing:
                return new YamlMapping(nothing.Mark, []);
            case { } other:
                faults.Add(other.Mark, $"found {other.Found}, expected a mapping of keys to values");
                return null;
            default:
                return null;
        }
    }

    private YamlMapping? ReadFile(string path, SourceMark from)
    {
        if (_known.Contains(Path.GetFullPath(path)))
        {
            faults.Add(from, $"the file '{path}' is included a second time or includes itself, expected each file once");
            return null;
        }
        var bytes = ReadBytes(path, from);
        return bytes is null ? null : ReadText(Encoding.UTF8.GetString(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsSpan(3) : bytes), path);
    }

    private byte[]? ReadBytes(string path, SourceMark from)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var buffer = new MemoryStream();
            var chunk = new byte[64 << 10];
            while (stream.Read(chunk) is var read and > 0)
            {
                buffer.Write(chunk, 0, read);
                _bytes += read;
                if (buffer.Length > YamlLimits.FileBytes || _bytes > YamlLimits.TotalBytes)
                {
                    faults.Add(from, buffer.Length > YamlLimits.FileBytes
                        ? $"the file '{path}' has more than {YamlLimits.FileBytes >> 20} MB"
                        : $"with the file '{path}' the configuration has more than {YamlLimits.TotalBytes >> 20} MB");
                    return null;
                }
            }
            var bytes = buffer.ToArray();
            if (Utf8.IsValid(bytes))
                return bytes;
            faults.Add(InvalidByte(bytes, path), "found a byte that is not UTF-8, expected text in UTF-8");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(from, $"the file '{path}' cannot be read: {e.Message}");
        }
        return null;
    }

    private YamlMapping WithIncludes(YamlMapping mapping, string path)
    {
        if (mapping.Find(IncludeKey) is not { } include)
            return mapping;
        var joined = new YamlMapping(mapping.Mark, [.. mapping.Entries.Where(entry => entry.Key != IncludeKey)]);
        var folder = Path.GetDirectoryName(path) ?? "";
        foreach (var node in include.Value is YamlSequence sequence ? sequence.Items : [include.Value])
        {
            if (node is not YamlScalar { IsNull: false } pattern)
            {
                faults.Add(node.Mark, $"include: found {node.Found}, expected a file or a pattern like sites/*.yaml");
                continue;
            }
            if (pattern.IsFaulty)
                continue;
            foreach (var file in Expand(folder, pattern))
            {
                if (Files.Count > YamlLimits.Includes)
                {
                    faults.Add(node.Mark, $"the configuration includes more than {YamlLimits.Includes} files");
                    return joined;
                }
                if (ReadFile(file, node.Mark) is { } included)
                    joined = merger.Merge(joined, included);
            }
        }
        return joined;
    }

    private IReadOnlyList<string> Expand(string folder, YamlScalar pattern)
    {
        try
        {
            return [.. FilePattern.Expand(folder, pattern.Text).Take(YamlLimits.Includes + 1)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            faults.Add(pattern.Mark, $"include: the files of '{pattern.Text}' cannot be listed: {e.Message}");
            return [];
        }
    }

    private static SourceMark InvalidByte(ReadOnlySpan<byte> bytes, string path)
    {
        var (line, column) = (1, 1);
        while (Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + rune.Utf16SequenceLength);
            bytes = bytes[length..];
        }
        return new SourceMark(path, line, column);
    }
}
