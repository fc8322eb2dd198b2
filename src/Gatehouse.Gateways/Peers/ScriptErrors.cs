using System.Text;
using Gatehouse.Gateways.Supervision;

namespace Gatehouse.Gateways.Peers;

/// <summary>What one request's script writes to its standard error, cut into lines. Not thread-safe.</summary>
internal sealed class ScriptErrors(GatewayLog log)
{
    // Longer lines are cut: a stack trace in one line has about that.
    private const int MaxLine = 4096;

    private byte[] _line = [];
    private int _length;

    /// <summary>Takes bytes as they come; <paramref name="source"/> names the script.</summary>
    public void Take(ReadOnlySpan<byte> bytes, Func<string> source)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            Keep(part);
            if (end < 0)
                return;
            Flush(source);
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>Writes the line that has no end yet.</summary>
    public void Flush(Func<string> source)
    {
        if (_length > 0)
            log.WarnOfScript(source(), Clean(_line.AsSpan(0, _length)));
        _length = 0;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (_line.Length == 0)
            _line = new byte[MaxLine];
        part = part[..Math.Min(part.Length, MaxLine - _length)];
        part.CopyTo(_line.AsSpan(_length));
        _length += part.Length;
    }

    // Control characters could paint over other lines of the log.
    private static string Clean(ReadOnlySpan<byte> line) => string.Create(Encoding.UTF8.GetCharCount(line), line, static (text, bytes) =>
    {
        Encoding.UTF8.GetChars(bytes, text);
        foreach (ref var c in text)
        {
            if (char.IsControl(c) && c != '\t')
                c = ' ';
        }
    });
}
