using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Gatehouse.Edge.Logs;

/// <summary>
/// Puts a line into a message of RFC 5424: <c>PRI "1" SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP "-" SP MSG</c>; for TCP in octet counting,
/// <c>MSG-LEN SP SYSLOG-MSG</c> (RFC 6587 section 3.4.1). The byte order mark that RFC 5424 wants before UTF-8 is left out, since collectors show it; plain
/// lines are ASCII anyway.
/// </summary>
internal sealed class SyslogMessage
{
    // Facility 23 (local7) and severity 6 (informational), as nginx sends by default.
    private const string Priority = "<190>1 ";
    private const int CountRoom = 16;

    private readonly byte[] _tail = Encoding.ASCII.GetBytes($" {HostName()} gatehouse {Environment.ProcessId} access - ");
    private byte[] _buffer = new byte[4096];

    /// <summary>The message for a line (without its line feed), valid until the next call.</summary>
    public ReadOnlyMemory<byte> Make(ReadOnlySpan<byte> line, DateTime now, bool countsOctets)
    {
        var needed = CountRoom + Priority.Length + 32 + _tail.Length + line.Length;
        if (_buffer.Length < needed)
            _buffer = new byte[needed * 2];
        var at = CountRoom;
        at += Encoding.ASCII.GetBytes(Priority, _buffer.AsSpan(at));
        now.TryFormat(_buffer.AsSpan(at), out var written, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        at += written;
        _tail.CopyTo(_buffer, at);
        at += _tail.Length;
        line.CopyTo(_buffer.AsSpan(at));
        at += line.Length;
        var start = CountRoom;
        if (countsOctets)
        {
            Span<byte> count = stackalloc byte[CountRoom];
            Utf8Formatter.TryFormat(at - CountRoom, count, out var digits);
            count[digits++] = (byte)' ';
            start = CountRoom - digits;
            count[..digits].CopyTo(_buffer.AsSpan(start));
        }
        return _buffer.AsMemory(start, at - start);
    }

    // HOSTNAME = NILVALUE / 1*255PRINTUSASCII
    private static string HostName()
    {
        var name = new string([.. Environment.MachineName.Where(c => c is > ' ' and <= '~').Take(255)]);
        return name.Length == 0 ? "-" : name;
    }
}
