using System.Text;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;
using Gatehouse.Testing;

namespace Gatehouse.Protocols.Tests.Http1;

/// <summary>
/// The reference driver of the codec: takes the pieces in which a connection's bytes arrive and makes messages of them, as a server or as a client would. Each
/// piece moves what is left to a new buffer with guard bytes around it, so that offsets must follow and bytes behind the end must not matter.
/// </summary>
internal sealed class MessageReader
{
    private readonly Http1RequestParser? _request;
    private readonly Http1ResponseParser? _response;
    private readonly Http1ChunkedDecoder _chunks;
    private readonly Queue<Method> _methods;
    private readonly List<Message> _messages = [];
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private bool _inHead = true;
    private BodyFraming _framing;
    private long _left;

    private MessageReader(bool requests, Http1Limits? limits, IEnumerable<Method> methods)
    {
        limits ??= Http1Limits.Default;
        _chunks = new Http1ChunkedDecoder(limits);
        _methods = new Queue<Method>(methods);
        if (requests)
            _request = new Http1RequestParser(limits);
        else
            _response = new Http1ResponseParser(limits);
        ResetHead();
    }

    public IReadOnlyList<Message> Messages => _messages;

    /// <summary>The fault that ended the connection, if one did.</summary>
    public Http1Error? Error { get; private set; }

    /// <summary>True when the last message ended the connection (no keep-alive), or made it a tunnel.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The bytes that no message took.</summary>
    public byte[] Rest => _buffer.AsSpan(_start, _end - _start).ToArray();

    /// <summary>Reads requests.</summary>
    public static MessageReader Requests(IReadOnlyList<ReadOnlyMemory<byte>> pieces, Http1Limits? limits = null) =>
        new MessageReader(true, limits, []).Read(pieces);

    /// <summary>Reads the responses to requests with these methods (GET for those not given).</summary>
    public static MessageReader Responses(IReadOnlyList<ReadOnlyMemory<byte>> pieces, Http1Limits? limits = null, params Method[] methods) =>
        new MessageReader(false, limits, methods).Read(pieces);

    /// <summary>Everything that was understood, as text; the same for every way of splitting.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        foreach (var message in _messages)
            text.Append(message.Describe());
        if (Error is { } error)
            text.Append("error ").Append(error.Status).Append(" at ").Append(error.Offset).Append(": ").Append(error.Message).Append('\n');
        else
            text.Append(IsClosed ? "closed" : "open").Append(_start == _end ? "" : ", rest " + Message.Escape(Rest)).Append('\n');
        return text.ToString();
    }

    private MessageReader Read(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        for (var i = 0; i < pieces.Count && Error is null; i++)
        {
            Append(pieces[i].Span, 1 + (i % 7));
            while (Error is null && !IsClosed && (_inHead ? ReadHead() : ReadBody()))
            {
            }
        }
        if (_messages.Count > 0 && !_inHead && _framing == BodyFraming.UntilClose && Error is null)
            _messages[^1].IsComplete = IsClosed = true;
        return this;
    }

    private void Append(ReadOnlySpan<byte> piece, int guard)
    {
        var kept = _end - _start;
        var moved = new byte[guard + kept + piece.Length + guard];
        moved.AsSpan().Fill(Splits.Guard);
        _buffer.AsSpan(_start, kept).CopyTo(moved.AsSpan(guard));
        piece.CopyTo(moved.AsSpan(guard + kept));
        if (_inHead)
        {
            _request?.Rebase(moved, guard - _start);
            _response?.Rebase(moved, guard - _start);
        }
        _buffer = moved;
        _start = guard;
        _end = guard + kept + piece.Length;
    }

    private void ResetHead()
    {
        _inHead = true;
        _request?.Reset();
        _response?.Reset(_methods.TryPeek(out var method) ? method : Method.Get);
    }

    private bool ReadHead()
    {
        if (_start == _end)
            return false;
        var parser = (Http1HeadParser?)_request ?? _response!;
        var status = parser.Parse(_buffer, _start, _end, out var headEnd);
        if (status == ParseStatus.Failed)
            Error = parser.Error;
        if (status != ParseStatus.Done)
            return false;
        _messages.Add(_request is null ? DescribeResponse() : DescribeRequest());
        _start = headEnd;
        _inHead = false;
        _chunks.Reset();
        return true;
    }

    private bool ReadBody()
    {
        var body = _messages[^1].Body;
        if (_framing == BodyFraming.Chunked)
        {
            var input = _buffer.AsSpan(_start, _end - _start);
            var status = _chunks.Decode(input, out var consumed, out var data);
            body.Write(input.Slice(data.Start, data.Length));
            _start += consumed;
            if (status == ParseStatus.Failed)
                Error = _chunks.Error;
            if (status == ParseStatus.Done)
            {
                if (_chunks.Trailers is { } trailers)
                    AddFields(trailers, _messages[^1].Trailers);
                EndMessage();
            }
            return status == ParseStatus.Done || (status == ParseStatus.NeedMore && _start < _end);
        }
        var taken = _framing == BodyFraming.UntilClose ? _end - _start : (int)Math.Min(_left, _end - _start);
        body.Write(_buffer, _start, taken);
        _start += taken;
        _left -= taken;
        if (_framing == BodyFraming.UntilClose || _left > 0)
            return false;
        EndMessage();
        return true;
    }

    private void EndMessage()
    {
        _messages[^1].IsComplete = true;
        var goesOn = _request is null ? _response!.KeepAlive && !_response.IsTunnel : _request.KeepAlive && _request.Method != Method.Connect;
        IsClosed = !goesOn;
        if (_response is { IsInterim: false })
            _methods.TryDequeue(out _);
        ResetHead();
    }

    private Message DescribeRequest()
    {
        var parser = _request!;
        _framing = parser.ContentLength switch
        {
            < 0 => BodyFraming.Chunked,
            0 => BodyFraming.None,
            _ => BodyFraming.Length,
        };
        _left = parser.ContentLength;
        var line = $"{Text(parser.MethodName)} {Text(parser.Target)} HTTP/1.{parser.MinorVersion}";
        var framing = $"path {Text(parser.Path)}{(parser.HasQuery ? $", query {Text(parser.Query)}" : "")}, authority {Text(parser.Authority)}, " +
            $"{Describe(_framing, _left)}{Flag(!parser.KeepAlive, "close")}{Flag(parser.ExpectsContinue, "continue")}{Flag(parser.AsksUpgrade, "upgrade")}";
        return AddFields(parser.Headers, new Message(line, framing, []));
    }

    private Message DescribeResponse()
    {
        var parser = _response!;
        _framing = parser.BodyFraming;
        _left = parser.ContentLength;
        var line = $"HTTP/1.{parser.MinorVersion} {parser.Status} {Text(parser.Reason)}";
        var framing = $"{Describe(_framing, _left)}{Flag(!parser.KeepAlive, "close")}{Flag(parser.IsInterim, "interim")}{Flag(parser.IsTunnel, "tunnel")}";
        return AddFields(parser.Headers, new Message(line, framing, []));
    }

    private string Text(Slice slice) => Message.Escape(slice.Of(_buffer));

    private static string Flag(bool isSet, string name) => isSet ? ", " + name : "";

    private static string Describe(BodyFraming framing, long length) => framing switch
    {
        BodyFraming.None => "no body",
        BodyFraming.Length => $"body of {length}",
        BodyFraming.Chunked => "chunked",
        _ => "until close",
    };

    private static Message AddFields(HeaderTable table, Message message)
    {
        AddFields(table, message.Fields);
        return message;
    }

    private static void AddFields(HeaderTable table, List<(string Name, string Value)> fields)
    {
        for (var i = 0; i < table.Count; i++)
            fields.Add((Message.Escape(table[i].Name), Message.Escape(table[i].Value)));
    }
}
