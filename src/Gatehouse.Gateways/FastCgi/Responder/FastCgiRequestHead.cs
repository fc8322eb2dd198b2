using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Gatehouse.Http;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Cgi;
using Gatehouse.Protocols.FastCgi;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Gateways.FastCgi.Responder;

/// <summary>Makes the head of a request from the variables that a web server sends: the way back from what a gateway makes of a head.</summary>
internal sealed class FastCgiRequestHead(CgiVariables variables)
{
    private readonly ArrayBufferWriter<byte> _text = new(1024);
    private readonly HeaderTable _fields = new();

    /// <summary>Reads the pairs and fills <paramref name="request"/>; false when they are malformed or lack what a request needs.</summary>
    public bool TryFill(ReadOnlySpan<byte> pairs, Request request)
    {
        variables.Clear();
        while (FastCgiNameValue.TryRead(ref pairs, out var pair))
            variables.Add(pair.Name, pair.Value);
        if (!pairs.IsEmpty || !variables.TryGet("REQUEST_METHOD"u8, out var methodName) || !HeaderSyntax.IsToken(methodName))
            return false;
        _text.ResetWrittenCount();
        var method = Append(methodName);
        var target = AppendTarget();
        if (!IsTarget(target))
            return false;
        var authority = variables.TryGet("HTTP_HOST"u8, out var host) || variables.TryGet("SERVER_NAME"u8, out host) ? Append(host) : default;
        var starts = AppendFields();
        var buffer = _text.WrittenSpan.ToArray();
        Fill(buffer, starts);
        var question = target.Of(buffer).IndexOf((byte)'?');
        var path = question < 0 ? target : target with { Length = question };
        var query = question < 0 ? new Slice(target.End, 0) : new Slice(target.Start + question + 1, target.Length - question - 1);
        variables.TryGet("SERVER_PROTOCOL"u8, out var protocol);
        var version = protocol.SequenceEqual("HTTP/1.0"u8) ? HttpVersion.Http10 : protocol.StartsWith("HTTP/2"u8) ? HttpVersion.Http2 : HttpVersion.Http11;
        request.SetLine(buffer, Methods.Find(methodName), method, target, path, query, question >= 0, version);
        if (!TryLength(out var length))
            return false;
        request.SetMessage(_fields, authority, length, expectsContinue: false, asksUpgrade: false);
        request.IsSecure = variables.TryGet("HTTPS"u8, out var https) && Ascii.EqualsIgnoreCase(https, "on"u8);
        return true;
    }

    /// <summary>An address and a port among the variables; none when they are not there or are something else.</summary>
    public Endpoint EndpointOf(ReadOnlySpan<byte> addressName, ReadOnlySpan<byte> portName)
    {
        if (!variables.TryGet(addressName, out var address) || !IpAddress.TryParse(address, out var parsed))
            return default;
        variables.TryGet(portName, out var port);
        return new Endpoint(parsed, Utf8Parser.TryParse(port, out ushort number, out var used) && used == port.Length ? number : (ushort)0);
    }

    private Slice Append(ReadOnlySpan<byte> bytes)
    {
        var start = _text.WrittenCount;
        _text.Write(bytes);
        return new Slice(start, bytes.Length);
    }

    // REQUEST_URI is what the client asked for; without it the path is put together again.
    private Slice AppendTarget()
    {
        if (variables.TryGet("REQUEST_URI"u8, out var uri) && !uri.IsEmpty)
            return Append(uri);
        var start = _text.WrittenCount;
        variables.TryGet("SCRIPT_NAME"u8, out var script);
        variables.TryGet("PATH_INFO"u8, out var info);
        byte[] path = [.. script, .. info];
        UrlPath.Encode(path.Length == 0 ? "/"u8 : path, _text);
        if (variables.TryGet("QUERY_STRING"u8, out var query) && !query.IsEmpty)
        {
            _text.Write("?"u8);
            _text.Write(query);
        }
        return new Slice(start, _text.WrittenCount - start);
    }

    // What a request target may be made of (RFC 9112 section 3.2).
    private bool IsTarget(Slice target)
    {
        var text = _text.WrittenSpan.Slice(target.Start, target.Length);
        return !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'!', (byte)'~') && !text.Contains((byte)'#');
    }

    private List<(Slice Name, Slice Value)> AppendFields()
    {
        var starts = new List<(Slice, Slice)>(variables.Count);
        for (var i = 0; i < variables.Count; i++)
        {
            var variable = variables[i];
            var name = variable.Name;
            if (name.SequenceEqual("CONTENT_TYPE"u8) && !variable.Value.IsEmpty)
                starts.Add((Append("Content-Type"u8), AppendValue(variable.Value)));
            else if (name.SequenceEqual("CONTENT_LENGTH"u8) && !variable.Value.IsEmpty)
                starts.Add((Append("Content-Length"u8), AppendValue(variable.Value)));
            else if (name.StartsWith("HTTP_"u8) && name.Length > 5 && HeaderSyntax.IsToken(name))
                starts.Add((AppendName(name[5..]), AppendValue(variable.Value)));
        }
        return starts;
    }

    // X-Some-Name of X_SOME_NAME.
    private Slice AppendName(ReadOnlySpan<byte> name)
    {
        var start = _text.WrittenCount;
        var room = _text.GetSpan(name.Length);
        var isFirst = true;
        for (var i = 0; i < name.Length; i++)
        {
            room[i] = name[i] == '_' ? (byte)'-' : isFirst ? name[i] : (byte)char.ToLowerInvariant((char)name[i]);
            isFirst = name[i] == '_';
        }
        _text.Advance(name.Length);
        return new Slice(start, name.Length);
    }

    // A web server sends none of these; whoever does must not split a message with them.
    private Slice AppendValue(ReadOnlySpan<byte> value)
    {
        var slice = Append(value);
        if (value.ContainsAny("\r\n\0"u8))
            throw new BadRequestException("a variable with a CR, LF or NUL");
        return slice;
    }

    private void Fill(byte[] buffer, List<(Slice Name, Slice Value)> starts)
    {
        _fields.Reset(buffer);
        foreach (var (name, value) in starts)
            _fields.Add(KnownHeaders.Find(name.Of(buffer)), name.Start, name.Length, value.Start, value.Length);
    }

    // Empty and absent are none.
    private bool TryLength(out long length)
    {
        length = 0;
        return !variables.TryGet("CONTENT_LENGTH"u8, out var text) || text.IsEmpty || (Utf8Parser.TryParse(text, out length, out var used) && used == text.Length && length >= 0);
    }
}
