using System.Text;

namespace Gatehouse.Tools.Get;

/// <summary>The parts that curl's -d and its kin add to a body, joined by &amp;.</summary>
internal static class DataParts
{
    /// <summary>The most that is read of a file into memory; larger files are sent with -T.</summary>
    private const long MaxBytes = 1L << 30;

    public static byte[]? Join(GetOptions options)
    {
        var parts = new List<byte[]>();
        parts.AddRange(options.Data.Select(text => Read(text, keepsLines: false)));
        parts.AddRange(options.DataRaw.Select(Encoding.UTF8.GetBytes));
        parts.AddRange(options.DataBinary.Select(text => Read(text, keepsLines: true)));
        parts.AddRange(options.DataUrlEncode.Select(text => Encoding.UTF8.GetBytes(Encoded(text))));
        if (parts.Count == 0)
            return null;
        var joined = new MemoryStream();
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0)
                joined.WriteByte((byte)'&');
            joined.Write(parts[i]);
        }
        return joined.ToArray();
    }

    /// <summary>Text, or what @FILE holds (@- for standard input).</summary>
    public static byte[] Read(string text, bool keepsLines)
    {
        if (!text.StartsWith('@'))
            return Encoding.UTF8.GetBytes(text);
        var bytes = ReadFile(text[1..]);
        return keepsLines ? bytes : [.. bytes.Where(b => b is not ((byte)'\r' or (byte)'\n' or 0))];
    }

    public static byte[] ReadFile(string file)
    {
        try
        {
            using Stream stream = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            var bytes = new MemoryStream();
            var buffer = new byte[64 * 1024];
            while (stream.Read(buffer) is > 0 and var count)
            {
                bytes.Write(buffer, 0, count);
                if (bytes.Length > MaxBytes)
                    throw new ToolException(CurlCode.ReadFailed, $"{file} has more than {MaxBytes} bytes; send it with -T, which does not hold it in memory");
            }
            return bytes.ToArray();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException(CurlCode.ReadFailed, exception.Message, exception);
        }
    }

    // curl(1): content, =content, name=content, @file, name@file.
    private static string Encoded(string text)
    {
        var at = text.AsSpan().IndexOfAny('=', '@');
        if (at < 0)
            return Uri.EscapeDataString(text);
        var name = text[..at];
        var content = text[at] == '=' ? text[(at + 1)..] : Encoding.Latin1.GetString(ReadFile(text[(at + 1)..]));
        var encoded = text[at] == '=' ? Uri.EscapeDataString(content) : EscapedBytes(content);
        return name.Length == 0 ? encoded : $"{name}={encoded}";
    }

    private static string EscapedBytes(string latin1)
    {
        var output = new StringBuilder();
        foreach (var c in latin1)
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~')
                output.Append(c);
            else
                output.Append($"%{(int)c:X2}");
        }
        return output.ToString();
    }
}
