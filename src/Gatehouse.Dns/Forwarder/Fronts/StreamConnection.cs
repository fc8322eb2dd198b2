using System.Buffers.Binary;
using Gatehouse.Dns.Forwarder.DnsCrypt;
using Gatehouse.Dns.Forwarder.Queries;
using Gatehouse.Net.Buffers;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Dns.Forwarder.Fronts;

/// <summary>
/// A connection of a client (RFC 7766): queries with their length in front, as many as come, each answered as soon as its answer is there. It owns no buffer
/// while nothing is on its way.
/// </summary>
internal sealed class StreamConnection : ITransportEvents, ITimerTarget, IReplySink, IReactorWork
{
    // Queries of one connection that may wait for servers, and bytes of answers that may wait for the client, before no more is read.
    private const int MaxWaiting = 128;
    private const int MaxBuffered = 256 * 1024;
    private const int LengthBytes = 2;

    private readonly StreamFront _front;
    private readonly Lane _lane;
    private readonly Transport _transport;
    private readonly InputBuffer _input;
    private readonly OutputBuffer _output;
    private readonly ReactorTimer _timer;
    private readonly IpAddress _address;
    private int _waiting;
    private bool _isEnded;
    private bool _isClosed;
    private bool _isDeferred;

    internal StreamConnection(StreamFront front, Lane lane, Transport transport)
    {
        _front = front;
        _lane = lane;
        _transport = transport;
        _address = transport.RemoteEndpoint.Address;
        _input = new InputBuffer(transport);
        _output = new OutputBuffer(transport);
        _timer = new ReactorTimer(transport.Reactor, this);
    }

    public void OnReadable() => Read();

    public void OnWritable()
    {
        if (!_isClosed && Flush())
            Read();
    }

    public void OnBroken(int errno) => Close(abort: true);

    void ITimerTarget.OnTimer()
    {
        // Who waits for servers is not silent; a client that does not take its answers is.
        if (_waiting > 0 && !_output.HasPending)
            Arm();
        else
            Close(abort: _output.HasPending);
    }

    void IReactorWork.Run()
    {
        _isDeferred = false;
        if (!_isClosed && Flush())
            Read();
    }

    void IReplySink.Reply(ReadOnlySpan<byte> answer, in Endpoint peer, object? state, uint left)
    {
        _waiting--;
        if (_isClosed)
            return;
        Append(answer, state as DnsCryptSession);
        if (_isDeferred)
            return;

        // At the end of the turn: other answers may follow, and reading goes on when nobody is in the middle of answering.
        _isDeferred = true;
        _transport.Reactor.Defer(this);
    }

    internal void Start()
    {
        _transport.Events = this;
        Arm();
        Read();
    }

    private void Read()
    {
        while (!_isClosed)
        {
            TakeQueries();
            if (_isClosed || !Flush() || IsFull)
                return;
            if (_isEnded)
            {
                if (_waiting == 0)
                    Close(abort: false);
                return;
            }

            var result = _input.Fill(out _);
            if (result.IsWouldBlock)
                return;
            if (result.IsEndOfStream)
                _isEnded = true;
            else if (!result.IsDone)
                Close(abort: true);
        }
    }

    private bool IsFull => _waiting >= MaxWaiting || _output.Buffered >= MaxBuffered;

    private void TakeQueries()
    {
        while (_input.Available >= LengthBytes && !IsFull)
        {
            var unused = _input.Unused;
            int length = BinaryPrimitives.ReadUInt16BigEndian(unused);
            if (unused.Length < LengthBytes + length)
                break;

            // A query that came whole is what the client is alive by; one that drips is not.
            Arm();
            Answer(unused.Slice(LengthBytes, length));
            if (_isClosed)
                return;
            _input.Consume(LengthBytes + length);
        }

        if (_input.Available == 0)
            _input.Unhold();
    }

    private void Answer(ReadOnlySpan<byte> packet)
    {
        DnsCryptSession? session = null;
        byte[]? plain = null;
        var query = packet;
        if (_front.CryptOn(_transport.Reactor.Index) is { } crypt)
        {
            plain = _transport.Reactor.Buffers.Rent(packet.Length + 1);
            session = crypt.Open(packet, plain, out var opened);
            if (session is null)
            {
                _transport.Reactor.Buffers.Return(plain);
                AnswerCertificates(crypt, packet);
                return;
            }

            query = plain.AsSpan(0, opened);
        }

        var room = _transport.Reactor.Buffers.RentLarge();
        var client = new Client(_address, _front.Kind, session is null ? Lane.MaxMessage : Lane.MaxMessage - DnsCryptSession.MaxOverhead);
        var outcome = _lane.Answer(query, client, default, this, session, room, out var length, out _);
        if (outcome == QueryOutcome.Answered)
            Append(room.AsSpan(0, length), session);
        else if (outcome == QueryOutcome.Waits)
            _waiting++;
        _transport.Reactor.Buffers.Return(room);
        if (plain is not null)
            _transport.Reactor.Buffers.Return(plain);

        // Over a connection there is no reason to send what is no query.
        if (outcome == QueryOutcome.Dropped)
            Close(abort: true);
    }

    private void AnswerCertificates(DnsCryptService crypt, ReadOnlySpan<byte> packet)
    {
        Span<byte> answer = stackalloc byte[1024];
        var length = crypt.AnswerPlain(packet, answer, isDatagram: false);
        if (length > 0)
            Append(answer[..length], null);
        else
            Close(abort: true);
    }

    private void Append(ReadOnlySpan<byte> answer, DnsCryptSession? session)
    {
        var room = _output.Reserve(LengthBytes + answer.Length + (session is null ? 0 : DnsCryptSession.MaxOverhead));
        var length = answer.Length;
        if (session is null)
            answer.CopyTo(room[LengthBytes..]);
        else
            length = session.Seal(answer, room[LengthBytes..], Lane.MaxMessage);
        BinaryPrimitives.WriteUInt16BigEndian(room, (ushort)length);
        _output.Commit(LengthBytes + length);
    }

    // True when reading may go on.
    private bool Flush()
    {
        if (!_output.HasPending || _output.Flush())
            return true;
        if (_output.Errno == 0)
            return false;
        Close(abort: true);
        return false;
    }

    private void Arm() => _timer.Arm((long)_front.Limits.Idle.TotalMilliseconds);

    private void Close(bool abort)
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _timer.Release();
        _input.Release();
        _output.Break(0);
        if (abort)
            _transport.Abort();
        else
            _transport.Close();
        _front.Left(_transport.Reactor.Index);
    }
}
