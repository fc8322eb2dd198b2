using System.Diagnostics.CodeAnalysis;
using Gatehouse.Net;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Http.Client.Http1;

/// <content>The response.</content>
public sealed partial class Http1ClientConnection
{
    // Who sends interim responses for ever never gets to the answer, and each one starts the time limit anew. A 102 every ten seconds makes 100 in a quarter of
    // an hour; Go's net/http took 5 of any kind.
    private const int MaxInterims = 100;

    /// <summary>True when the response's body has been read to its end.</summary>
    public bool IsBodyComplete => _body.IsComplete;

    /// <summary>The fields behind a chunked body that has been read; null when there were none.</summary>
    public HeaderTable? Trailers => _body.Trailers;

    /// <summary>
    /// Reads until the response's head is there (<see cref="Response"/>). An interim one counts: ask <see cref="Http1ResponseParser.IsInterim"/>, then
    /// <see cref="NextHead"/>.
    /// </summary>
    /// <exception cref="ClientException">The connection ended, or the head is malformed or late.</exception>
    public ValueTask<int> ReadHeadAsync()
    {
        if (_isClosed)
            throw Closed();
        var status = TryReadHead();
        if (status != ParseStatus.NeedMore)
            return new ValueTask<int>(0);
        return Wait(ReadStep.Head, default, IsSending ? Timeout.InfiniteTimeSpan : _pool.Timeouts.FirstByte);
    }

    /// <summary>Passes over an interim head, ready to read the next.</summary>
    /// <exception cref="ClientException">There were too many.</exception>
    public void NextHead(Method method)
    {
        if (++_interims > MaxInterims)
            throw new ClientException(ClientFault.BadResponse, $"{_pool.Endpoint} sent more than {MaxInterims} interim responses to one request");
        _input.Unhold();
        Response.Reset(method);
    }

    /// <summary>
    /// The whole body, when it has a length and all of it has arrived with the head: a view that holds until <see cref="Release"/>. It counts as read.
    /// </summary>
    public bool TryTakeWhole(out ReadOnlyMemory<byte> body)
    {
        var length = Response.ContentLength;
        if (Response.BodyFraming != BodyFraming.Length || _body.Received > 0 || _input.Available < length)
        {
            body = default;
            return _body.IsComplete;
        }
        body = _input.Buffer.AsMemory(_input.Start, (int)length);
        _input.Consume((int)length);
        _body.Took((int)length);
        return true;
    }

    /// <summary>
    /// The part of a body with a length that has arrived with the head, and the buffer it lies in, which is the caller's from now on and goes back to the
    /// reactor's pool: no copy is made. The head is gone with it. False when there is none, or framing lies between the bytes.
    /// </summary>
    public bool TryTakeFirst([NotNullWhen(true)] out byte[]? buffer, out ReadOnlyMemory<byte> part)
    {
        if (Response.BodyFraming != BodyFraming.Length || _input.Available == 0 || _input.Available > _body.DirectLimit(int.MaxValue))
        {
            buffer = null;
            part = default;
            return false;
        }
        var start = _input.Start;
        var count = _input.Available;
        buffer = _input.Take();
        part = buffer.AsMemory(start, count);
        _body.Took(count);
        return true;
    }

    /// <summary>Reads of the body what is there, waiting for at least one byte; 0 at its end.</summary>
    /// <exception cref="ClientException">The connection ended inside the body, or the body is malformed or does not go on.</exception>
    public ValueTask<int> ReadBodyAsync(Memory<byte> destination)
    {
        var count = TryReadBody(destination.Span);
        return count < 0 ? Wait(ReadStep.Body, destination, _pool.Timeouts.Idle) : new ValueTask<int>(count);
    }

    /// <summary>Reads of the body what is there without waiting: a count, 0 at its end, -1 when there is nothing yet.</summary>
    /// <exception cref="ClientException">The connection ended inside the body, or the body is malformed.</exception>
    public int TryReadBody(Span<byte> destination)
    {
        while (!_body.IsComplete && !destination.IsEmpty)
        {
            if (_isClosed)
                throw Closed();
            if (_input.Available > 0)
            {
                var taken = _body.Take(_input.Unused, destination, out var consumed);
                _input.Consume(consumed);
                if (taken < 0)
                    throw new ClientException(ClientFault.BadResponse, $"{_pool.Endpoint} sent a malformed body: {_body.Error!.Message}");
                if (taken > 0)
                    return taken;
                continue;
            }
            var direct = _body.DirectLimit(destination.Length);
            // A read that asks for one byte more than there may be, and does not get it, has also found that nothing follows: see IsSilent.
            var result = direct > 0 ? _transport.Read(destination[..Math.Min(direct + 1, destination.Length)]) : Fill();
            if (result.IsWouldBlock)
                return -1;
            if (result.IsEndOfStream && _body.TryEnd())
                return 0;
            if (!result.IsDone)
                throw new ClientException(ClientFault.Truncated, $"{_pool.Endpoint} {How(result)} after {_body.Received} bytes of the response's body") { IsReset = result.IsFailure };
            if (direct == 0)
                continue;
            _hasExcess |= result.Count > direct;
            var count = Math.Min(result.Count, direct);
            _body.Took(count);
            return count;
        }
        return 0;
    }

    /// <summary>Completes when <see cref="TryReadBody"/> is worth calling again.</summary>
    /// <exception cref="ClientException">The body does not go on in time.</exception>
    public ValueTask<int> WaitForBodyAsync()
    {
        if (_isClosed)
            throw Closed();
        return Wait(ReadStep.News, default, _pool.Timeouts.Idle);
    }

    /// <summary>Reads raw bytes behind the head of a 101 or a 2xx to CONNECT without waiting: a count, 0 at their end, -1 when there is nothing yet.</summary>
    /// <exception cref="ClientException">The connection broke.</exception>
    public int TryReadTunnel(Span<byte> destination)
    {
        if (_isClosed)
            throw Closed();
        if (_input.Available > 0)
        {
            var count = Math.Min(destination.Length, _input.Available);
            _input.Unused[..count].CopyTo(destination);
            _input.Consume(count);
            return count;
        }
        var result = _transport.Read(destination);
        if (result.IsWouldBlock)
            return -1;
        if (result.IsFailure)
            throw new ClientException(ClientFault.Truncated, $"{_pool.Endpoint} {How(result)}");
        return result.Count;
    }

    /// <summary>Completes when <see cref="TryReadTunnel"/> is worth calling again; whoever runs the tunnel sets its time limit.</summary>
    public ValueTask<int> WaitForTunnelAsync()
    {
        if (_isClosed)
            throw Closed();
        return Wait(ReadStep.News, default, Timeout.InfiniteTimeSpan);
    }

    private ParseStatus TryReadHead()
    {
        while (true)
        {
            if (_input.Available > 0)
            {
                _hasResponseByte = true;
                var status = Response.Parse(_input.Buffer, _input.Start, _input.End, out var headEnd);
                if (status == ParseStatus.Failed)
                    throw new ClientException(ClientFault.BadResponse, $"{_pool.Endpoint} sent a malformed response: {Response.Error!.Message}");
                if (status == ParseStatus.Done)
                {
                    _input.Hold(headEnd);
                    if (!Response.IsInterim)
                        _body.Begin(Response.BodyFraming, Response.ContentLength, _pool.Limits);
                    return status;
                }
            }
            var result = Fill();
            if (result.IsWouldBlock)
                return ParseStatus.NeedMore;
            if (!result.IsDone)
                throw EndedInHead(result);
        }
    }

    private ClientException EndedInHead(IoResult result)
    {
        if (!_hasResponseByte)
            return new ClientException(ClientFault.ClosedBeforeResponse, $"{_pool.Endpoint} {How(result)} before the first byte of a response") { IsReset = result.IsFailure };
        var where = _input.Available > 0 ? "inside the response's head" : "after an interim response";
        return new ClientException(ClientFault.Truncated, $"{_pool.Endpoint} {How(result)} {where}") { IsReset = result.IsFailure };
    }

    // What was parsed of the head goes along when the bytes move, and when they go into a larger buffer without moving in it.
    private IoResult Fill()
    {
        var before = _input.Buffer;
        var result = _input.Fill(out var moved);
        if (_input.Buffer is { } after && (moved != 0 || !ReferenceEquals(before, after)))
            Response.Rebase(after, moved);
        return result;
    }

    private static string How(IoResult result) => result.IsEndOfStream ? "ended the connection" : $"broke the connection ({Errno.Describe(result.Errno)})";
}
