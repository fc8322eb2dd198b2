namespace Gatehouse.Protocols.FastCgi;

/// <summary>
/// The answer to one request as a web server reads it: STDOUT and STDERR interleaved, then END_REQUEST (FastCGI 1.0 section 6.2). One request at a time, as
/// each application understands it; management records are passed over. Allocates nothing.
/// </summary>
public sealed class FastCgiResponseReader
{
    private readonly FastCgiDecoder _decoder = new();
    private int _requestId;

    /// <summary>How the request ended, after <see cref="FastCgiResponseStep.End"/>.</summary>
    public FastCgiEndRequest Ended { get; private set; }

    /// <summary>What was expected and what was found, after <see cref="FastCgiResponseStep.Failed"/>.</summary>
    public string? Error { get; private set; }

    /// <summary>Bytes of the answer that come next without any framing, and may be received where they are wanted: tell <see cref="Took"/>.</summary>
    public int DirectLimit => IsOfRequest(FastCgiRecordType.Stdout) ? _decoder.ContentLeft : 0;

    /// <summary>Begins a request's answer on a connection that is between records.</summary>
    public void Begin(int requestId)
    {
        _decoder.Reset();
        _requestId = requestId;
        Ended = default;
        Error = null;
    }

    /// <summary>
    /// Goes through <paramref name="input"/> up to the next step. Call again with the rest, even when that is empty, until it says
    /// <see cref="FastCgiResponseStep.NeedMore"/>.
    /// </summary>
    /// <param name="input">The bytes behind those consumed before.</param>
    /// <param name="consumed">How many of them are dealt with.</param>
    /// <param name="data">Where in the input the output or error is.</param>
    public FastCgiResponseStep Read(ReadOnlySpan<byte> input, out int consumed, out Slice data)
    {
        consumed = 0;
        while (true)
        {
            var step = _decoder.Decode(input[consumed..], out var used, out var content);
            var at = consumed;
            consumed += used;
            data = default;
            switch (step)
            {
                case FastCgiStep.NeedMore:
                    return FastCgiResponseStep.NeedMore;
                case FastCgiStep.Failed:
                    return Fail(_decoder.Error!);
                case FastCgiStep.Content when _decoder.Record.IsManagement:
                    continue;
                case FastCgiStep.Content:
                    if (Judge() is { } fault)
                        return Fail(fault);
                    data = content.Moved(at);
                    return _decoder.Record.Type == FastCgiRecordType.Stdout ? FastCgiResponseStep.Output : FastCgiResponseStep.Error;
                default:
                    if (_decoder.Record.IsManagement)
                        continue;
                    if (_decoder.Record.Type != FastCgiRecordType.EndRequest)
                    {
                        if (Judge() is { } wrong)
                            return Fail(wrong);
                        continue;
                    }
                    if (_decoder.Record.RequestId != _requestId)
                        return Fail($"found the end of request {_decoder.Record.RequestId}, expected that of {_requestId}");
                    Ended = FastCgiEndRequest.Read(_decoder.FixedContent);
                    return FastCgiResponseStep.End;
            }
        }
    }

    /// <summary>Counts bytes of the answer that were received past this reader, at most <see cref="DirectLimit"/>.</summary>
    public void Took(int count) => _decoder.Took(count);

    private bool IsOfRequest(FastCgiRecordType type) => _decoder.ContentLeft > 0 && _decoder.Record.Type == type && _decoder.Record.RequestId == _requestId;

    private string? Judge()
    {
        var record = _decoder.Record;
        if (record.Type is not (FastCgiRecordType.Stdout or FastCgiRecordType.Stderr))
            return $"found a record of type {record.Type}, expected STDOUT, STDERR or END_REQUEST";
        return record.RequestId == _requestId ? null : $"found a record of request {record.RequestId}, expected {_requestId}";
    }

    private FastCgiResponseStep Fail(string fault)
    {
        Error = fault;
        return FastCgiResponseStep.Failed;
    }
}
