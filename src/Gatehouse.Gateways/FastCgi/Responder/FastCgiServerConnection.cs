using Gatehouse.Http;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols;
using Gatehouse.Protocols.FastCgi;

namespace Gatehouse.Gateways.FastCgi.Responder;

/// <summary>
/// One connection from a web server: reads its records one after the other, and runs the handler for each request. The legal order of a request's records:
/// <code>
/// BEGIN_REQUEST  PARAMS* PARAMS(empty)  STDIN* STDIN(empty)     and ABORT_REQUEST anywhere behind the first
/// </code>
/// </summary>
internal sealed class FastCgiServerConnection(TransportStream stream, IHandler handler, FastCgiServerOptions options)
{
    // What is left of a body that the handler did not read is passed over up to this size; beyond, closing is cheaper.
    private const long MaxDrain = 1024 * 1024;

    private readonly FastCgiDecoder _decoder = new();
    private readonly byte[] _input = new byte[16 * 1024];
    private int _start;
    private int _end;
    private int _contentStart;
    private bool _isBodyEnded;
    private bool _isAborted;

    /// <summary>The request under way; 0 for none.</summary>
    public int RequestId { get; private set; }

    /// <summary>The connection.</summary>
    public TransportStream Stream => stream;

    /// <summary>Serves requests until the web server ends the connection, or does not keep it.</summary>
    public async Task ServeAsync()
    {
        var exchange = new FastCgiExchange(this, options);
        while (await ReadBeginAsync() is { } begin)
        {
            if (begin.Role != FastCgiRole.Responder)
            {
                await EndAsync(new FastCgiEndRequest(0, FastCgiProtocolStatus.UnknownRole));
            }
            else if (!await ReadParamsAsync(exchange))
            {
                await EndAsync(new FastCgiEndRequest(1, FastCgiProtocolStatus.RequestComplete));
            }
            else
            {
                await exchange.RunAsync(handler);
                if (exchange.WasDropped || !await DrainAsync())
                {
                    stream.Abort();
                    return;
                }
            }
            RequestId = 0;
            if (!begin.KeepConnection)
                return;
        }
    }

    /// <summary>Reads of the body what is there, waiting for at least one byte; 0 at its end; -1 when the web server has given the request up.</summary>
    /// <exception cref="IOException">The connection ended or is no FastCGI.</exception>
    public async ValueTask<int> ReadBodyAsync(Memory<byte> destination)
    {
        while (!_isBodyEnded && !_isAborted && !destination.IsEmpty)
        {
            var window = _input.AsMemory(_start, Math.Min(_end - _start, destination.Length));
            var step = Decode(window.Span, out var content);
            if (step == FastCgiStep.NeedMore)
            {
                if (_start == _end && !await FillAsync())
                    throw new IOException("the web server ended the connection inside a request");
                continue;
            }
            if (step == FastCgiStep.Content && IsOfRequest(FastCgiRecordType.Stdin))
            {
                window.Span.Slice(content.Start, content.Length).CopyTo(destination.Span);
                return content.Length;
            }
            if (step == FastCgiStep.RecordEnd)
                await TakeRecordAsync();
        }
        return _isAborted ? -1 : 0;
    }

    /// <summary>Sends the end of the request.</summary>
    public ValueTask EndAsync(FastCgiEndRequest end)
    {
        var record = new byte[FastCgiRecord.HeadLength + FastCgiEndRequest.Length];
        end.Write(record, RequestId);
        return stream.WriteAsync(record);
    }

    // Null when the web server ends the connection between requests, or leaves it unused for too long.
    private async ValueTask<FastCgiBeginRequest?> ReadBeginAsync()
    {
        _isBodyEnded = _isAborted = false;
        try
        {
            while (true)
            {
                var step = Decode(_input.AsSpan(_start, _end - _start), out _);
                if (step == FastCgiStep.NeedMore && !await FillAsync())
                    return null;
                if (step != FastCgiStep.RecordEnd)
                    continue;
                if (_decoder.Record is { Type: FastCgiRecordType.BeginRequest, RequestId: > 0 } record)
                {
                    RequestId = record.RequestId;
                    return FastCgiBeginRequest.Read(_decoder.FixedContent);
                }
                await TakeRecordAsync();
            }
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    // False when they are too long, or the request was given up.
    private async ValueTask<bool> ReadParamsAsync(FastCgiExchange exchange)
    {
        exchange.BeginParams();
        while (!_isAborted)
        {
            var step = Decode(_input.AsSpan(_start, _end - _start), out var content);
            if (step == FastCgiStep.NeedMore)
            {
                if (!await FillAsync())
                    throw new IOException("the web server ended the connection inside a request's variables");
            }
            else if (step == FastCgiStep.Content && IsOfRequest(FastCgiRecordType.Params))
            {
                if (!exchange.TryAddParams(_input.AsSpan(_contentStart, content.Length)))
                    return false;
            }
            else if (step == FastCgiStep.RecordEnd)
            {
                if (IsOfRequest(FastCgiRecordType.Params) && _decoder.Record.ContentLength == 0)
                    return true;
                await TakeRecordAsync();
            }
        }
        return false;
    }

    // False when the rest of the body is too long to be passed over.
    private async ValueTask<bool> DrainAsync()
    {
        var room = new byte[4096];
        var passed = 0L;
        int count;
        while ((count = await ReadBodyAsync(room)) > 0)
        {
            passed += count;
            if (passed > MaxDrain)
                return false;
        }
        return true;
    }

    private FastCgiStep Decode(ReadOnlySpan<byte> window, out Slice content)
    {
        var step = _decoder.Decode(window, out var consumed, out content);
        if (step == FastCgiStep.Failed)
            throw new IOException($"the web server does not speak FastCGI: {_decoder.Error}");
        _contentStart = _start + content.Start;
        _start += consumed;
        return step;
    }

    private bool IsOfRequest(FastCgiRecordType type) => _decoder.Record.Type == type && _decoder.Record.RequestId == RequestId;

    // A whole record that is not a part of what is being read.
    private async ValueTask TakeRecordAsync()
    {
        var record = _decoder.Record;
        switch (record.Type)
        {
            case FastCgiRecordType.Stdin when record.RequestId == RequestId && record.ContentLength == 0:
                _isBodyEnded = true;
                break;
            case FastCgiRecordType.AbortRequest when record.RequestId == RequestId:
                _isAborted = true;
                break;
            case FastCgiRecordType.BeginRequest when record.RequestId != RequestId:
                await RefuseAsync(record.RequestId);
                break;
            case FastCgiRecordType.GetValues when record.IsManagement:
                await TellValuesAsync();
                break;
            case var other when record.IsManagement && other > FastCgiRecordType.UnknownType:
                await RefuseTypeAsync(other);
                break;
        }
    }

    private ValueTask RefuseAsync(int requestId)
    {
        var record = new byte[FastCgiRecord.HeadLength + FastCgiEndRequest.Length];
        new FastCgiEndRequest(0, FastCgiProtocolStatus.CannotMultiplex).Write(record, requestId);
        return stream.WriteAsync(record);
    }

    // All values are told, asked for or not: a web server takes what it knows (section 4.1).
    private ValueTask TellValuesAsync()
    {
        var room = new byte[128];
        var at = FastCgiRecord.HeadLength;
        at += FastCgiNameValue.Write(room.AsSpan(at), "FCGI_MPXS_CONNS"u8, "0"u8);
        at += FastCgiNameValue.Write(room.AsSpan(at), "FCGI_MAX_CONNS"u8, System.Text.Encoding.ASCII.GetBytes(options.MaxConnections.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        at += FastCgiNameValue.Write(room.AsSpan(at), "FCGI_MAX_REQS"u8, System.Text.Encoding.ASCII.GetBytes(options.MaxConnections.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        new FastCgiRecord(FastCgiRecordType.GetValuesResult, 0, at - FastCgiRecord.HeadLength, 0).Write(room);
        return stream.WriteAsync(room.AsMemory(0, at));
    }

    private ValueTask RefuseTypeAsync(FastCgiRecordType type)
    {
        var record = new byte[FastCgiRecord.HeadLength + 8];
        new FastCgiRecord(FastCgiRecordType.UnknownType, 0, 8, 0).Write(record);
        record[FastCgiRecord.HeadLength] = (byte)type;
        return stream.WriteAsync(record);
    }

    private async ValueTask<bool> FillAsync()
    {
        if (_start == _end)
            _start = _end = 0;
        var count = await stream.ReadAsync(_input.AsMemory(_end));
        _end += count;
        return count > 0;
    }
}
