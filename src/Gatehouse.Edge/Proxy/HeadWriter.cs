using System.Buffers.Text;
using Gatehouse.Http;
using Gatehouse.Net.Buffers;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Edge.Proxy;

/// <summary>Appends to room reserved once for a whole head; the caller's bound makes every append fit.</summary>
internal ref struct HeadWriter
{
    private readonly OutputBuffer _output;
    private readonly Span<byte> _room;
    private int _at;

    public HeadWriter(OutputBuffer output, int size)
    {
        _output = output;
        _room = output.Reserve(size);
    }

    public void Append(byte value) => _room[_at++] = value;

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_room[_at..]);
        _at += bytes.Length;
    }

    public void Append(IpAddress address)
    {
        address.TryFormat(_room[_at..], out var written);
        _at += written;
    }

    public void AppendField(HeaderField field)
    {
        Append(field.Name);
        _room[_at] = (byte)':';
        _room[_at + 1] = (byte)' ';
        _at += 2;
        Append(field.Value);
        _room[_at] = (byte)'\r';
        _room[_at + 1] = (byte)'\n';
        _at += 2;
    }

    public void AppendField(scoped ReadOnlySpan<byte> nameAndColon, long value)
    {
        Append(nameAndColon);
        Utf8Formatter.TryFormat(value, _room[_at..], out var written);
        _at += written;
        Append("\r\n"u8);
    }

    /// <summary>Percent-encodes a decoded path; a path that a prefix was taken from gets its slash back.</summary>
    public void AppendEncodedPath(scoped ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty || path[0] != '/')
            Append((byte)'/');
        UrlPath.TryEncode(path, _room[_at..], out var written);
        _at += written;
    }

    public readonly void Commit() => _output.Commit(_at);
}
