using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gatehouse.Http.Client;
using Gatehouse.Http.Tasks;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Headers;
using Gatehouse.Protocols.Http1;

namespace Gatehouse.Gateways.Peers;

/// <content>The answer.</content>
internal abstract partial class PeerConnection
{
    private byte[]? _head;
    private int _headLength;
    private int _bodyStart;
    private long _bodyLeft;
    private long _received;
    private long _headDeadline;

    /// <summary>The buffer that the answer's head lies in, until the request ends.</summary>
    public byte[] HeadBuffer => _head!;

    /// <summary>True when the body has been read to its end.</summary>
    public bool IsBodyComplete => _bodyLeft == 0 || (_bodyLeft < 0 && HasEnded && _bodyStart == _headLength);

    /// <summary>None of these protocols has fields behind a body.</summary>
    public HeaderTable? Trailers => null;

    /// <summary>True when the peer has sent all of its answer.</summary>
    protected bool HasEnded { get; private set; }

    /// <summary>True when all of the answer was used and its end has come; looks for that end without waiting.</summary>
    protected bool TryReadOut()
    {
        if (_bodyStart != _headLength)
            return false;
        Span<byte> probe = stackalloc byte[16];
        try
        {
            return PullOutput(probe) == 0;
        }
        catch (ClientException)
        {
            return false;
        }
    }

    private bool HasHead { get; set; }

    /// <summary>Reads until the answer's head is there (<see cref="Response"/>).</summary>
    /// <exception cref="ClientException">The connection ended, or the head is malformed or late.</exception>
    [AsyncMethodBuilder(typeof(PooledValueTaskMethodBuilder))]
    public async ValueTask ReadHeadAsync()
    {
        while (!TryReadHead())
        {
            if (_headDeadline == 0 && !IsSending)
                RequestSent();
            await WaitForNews(_headDeadline == 0 ? -1 : Math.Max(_headDeadline - Reactor.Now, 0));
        }
        HasHead = true;
        _timer.Disarm();
        // The answer to a HEAD, a 204 and a 304 have no body, whatever the script says of its length.
        _bodyLeft = Response.ContentLength;
        if (Exchange!.Request.Method == Method.Head || Response.Status is 204 or 304)
            _bodyLeft = -1;
    }

    /// <summary>The whole body, when all of the answer has come with the head: a view that holds until the request ends. It counts as read.</summary>
    /// <exception cref="ClientException">The answer has ended before the length that it announced.</exception>
    public bool TryTakeWhole(out ReadOnlyMemory<byte> body)
    {
        var length = _headLength - _bodyStart;
        if (_bodyLeft > length && HasEnded)
            throw EndedEarly(_bodyLeft - length);
        if (_bodyLeft > length || (_bodyLeft < 0 && !HasEnded))
        {
            body = default;
            return false;
        }
        if (_bodyLeft >= 0)
            length = (int)_bodyLeft;
        body = _head.AsMemory(_bodyStart, length);
        _bodyStart += length;
        _bodyLeft = 0;
        return true;
    }

    /// <inheritdoc/>
    public bool TryTakeFirst([NotNullWhen(true)] out byte[]? buffer, out ReadOnlyMemory<byte> part)
    {
        var count = _headLength - _bodyStart;
        buffer = null;
        part = default;
        if (count == 0 || (_bodyLeft >= 0 && count > _bodyLeft))
            return false;
        buffer = _head!;
        part = buffer.AsMemory(_bodyStart, count);
        _head = null;
        _headLength = _bodyStart = 0;
        if (_bodyLeft > 0)
            _bodyLeft -= count;
        return true;
    }

    /// <inheritdoc/>
    public int TryReadBody(Span<byte> destination)
    {
        if (IsBodyComplete || destination.IsEmpty)
            return 0;
        if (IsClosed)
            throw Closed();
        if (_bodyLeft >= 0 && destination.Length > _bodyLeft)
            destination = destination[..(int)_bodyLeft];
        int count;
        if (_bodyStart < _headLength)
        {
            count = Math.Min(_headLength - _bodyStart, destination.Length);
            _head.AsSpan(_bodyStart, count).CopyTo(destination);
            _bodyStart += count;
        }
        else
        {
            count = PullOutput(destination);
            if (count == 0 && _bodyLeft > 0)
                throw EndedEarly(_bodyLeft);
        }
        if (count > 0 && _bodyLeft > 0)
            _bodyLeft -= count;
        return count;
    }

    /// <inheritdoc/>
    public ValueTask<int> WaitForBodyAsync() => WaitForNews((long)Timeouts.Idle.TotalMilliseconds);

    /// <summary>Reads of the answer, out of its framing, what is there without waiting: a count, 0 at its end, -1 when there is nothing yet.</summary>
    /// <exception cref="ClientException">The connection broke, or what came is not the protocol.</exception>
    protected abstract int Pull(Span<byte> destination);

    /// <summary>The connection ended where it must not: before the answer, or inside it.</summary>
    protected ClientException BrokenOff(string how) => _received == 0
        ? new ClientException(ClientFault.ClosedBeforeResponse, $"{Name} {how} before the first byte of an answer")
        : new ClientException(ClientFault.Truncated, $"{Name} {how} inside its answer");

    private ClientException EndedEarly(long missing) =>
        new(ClientFault.Truncated, $"{Name} ended its answer {missing} bytes before the length that it announced");

    private int PullOutput(Span<byte> destination)
    {
        if (HasEnded)
            return 0;
        var count = Pull(destination);
        if (count == 0)
            HasEnded = true;
        else if (count > 0)
            _received += count;
        return count;
    }

    private void BeginReading()
    {
        Response.Reset();
        HasHead = HasEnded = false;
        _headLength = _bodyStart = 0;
        _bodyLeft = -1;
        _received = 0;
        _headDeadline = 0;
    }

    private void EndReading()
    {
        if (_head is not null)
            Reactor.Buffers.Return(_head);
        _head = null;
        _headLength = _bodyStart = 0;
    }

    // The answer's time runs from the end of the request.
    private void RequestSent()
    {
        if (HasHead || Exchange is null || IsSending)
            return;
        _headDeadline = Reactor.Now + (long)Timeouts.FirstByte.TotalMilliseconds;
        if (_read.IsPending && !_isConnecting)
            _timer.Arm((long)Timeouts.FirstByte.TotalMilliseconds);
    }

    // True when the head is there; then as much of the body as came with it is read, too, since a small answer is often whole.
    private bool TryReadHead()
    {
        _head ??= Reactor.Buffers.Rent();
        var isDone = false;
        while (true)
        {
            if (_headLength == _head.Length)
            {
                if (isDone)
                    return true;
                Grow();
            }
            var count = PullOutput(_head.AsSpan(_headLength));
            if (count < 0 || (count == 0 && isDone))
                return isDone;
            if (count == 0)
                throw BrokenOff(_received == 0 ? "ended its answer" : "ended its answer in the head,");
            _headLength += count;
            if (isDone)
                continue;
            var status = Response.Parse(_head, 0, _headLength, out var headEnd);
            if (status == ParseStatus.Failed)
                throw new ClientException(ClientFault.BadResponse, $"{Name} sent a malformed answer: {Response.Error}");
            if (status == ParseStatus.NeedMore)
                continue;
            isDone = true;
            _bodyStart = headEnd;
        }
    }

    private void Grow()
    {
        var larger = Reactor.Buffers.Rent(_head!.Length * 2);
        _head.CopyTo(larger, 0);
        Reactor.Buffers.Return(_head);
        _head = larger;
        Response.Rebase(larger, 0);
    }
}
