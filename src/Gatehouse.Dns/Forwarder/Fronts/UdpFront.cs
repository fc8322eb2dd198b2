using Gatehouse.Dns.Forwarder.DnsCrypt;
using Gatehouse.Dns.Forwarder.Queries;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Dns.Forwarder.Fronts;

/// <summary>One UDP socket of one reactor: datagrams come and go in batches, and answers from the cache leave in the system call after that which brought the queries.</summary>
internal sealed class UdpFront : IUdpEvents, IReplySink, IReactorWork, IDisposable
{
    // Measured: more than that saves nothing that could be seen.
    private const int BatchSize = 32;

    // Longer queries than that are none; answers are cut at 1232 bytes, and those in boxes at the length of their query.
    private const int DatagramSize = 2048;

    // Then the reactor's other sources have their turn.
    private const int BatchesPerTurn = 8;

    private readonly Lane _lane;
    private readonly UdpSocket _socket;
    private readonly DnsCryptService? _crypt;
    private readonly UdpBatch _received = new(BatchSize, DatagramSize);
    private readonly UdpBatch _answers = new(BatchSize, DatagramSize);
    private readonly byte[] _plain = new byte[DatagramSize];
    private readonly byte[] _sealed = new byte[DatagramSize];
    private bool _isClosed;

    internal UdpFront(Lane lane, UdpSocket socket, DnsCryptService? crypt)
    {
        _lane = lane;
        _socket = socket;
        _crypt = crypt;
        lane.Reactor.Post(static state => ((UdpFront)state!).Start(), this);
    }

    public void OnReadable()
    {
        for (var batches = 0; !_isClosed; batches++)
        {
            if (batches == BatchesPerTurn)
            {
                _lane.Reactor.Defer(this);
                return;
            }

            var result = _socket.Receive(_received);
            if (result.IsWouldBlock)
                return;

            // An error is that of an earlier answer: its client is gone. Who waits for datagrams that do not come is not this.
            if (result.IsDone)
                Answer();
            else if (result.Errno == Net.Errno.BadDescriptor)
                return;
        }
    }

    void IReactorWork.Run() => OnReadable();

    void IReplySink.Reply(ReadOnlySpan<byte> answer, in Endpoint peer, object? state, uint left)
    {
        if (_isClosed)
            return;
        if (state is DnsCryptSession session)
        {
            var length = session.Seal(answer, _sealed, session.QueryLength);
            answer = _sealed.AsSpan(0, length);
        }

        if (answer.IsEmpty || !_socket.Send(answer, peer).IsDone)
            _lane.Counters.Unsent++;
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (!_lane.Reactor.TryPost(new CallbackWork(static state => ((UdpFront)state!).Free(), this)))
            Free();
    }

    private void Start()
    {
        if (_isClosed)
            return;
        _socket.Events = this;
        OnReadable();
    }

    private void Free()
    {
        _isClosed = true;
        _received.Dispose();
        _answers.Dispose();
    }

    private void Answer()
    {
        _answers.Clear();
        for (var i = 0; i < _received.Count; i++)
        {
            if (_received.IsTruncated(i))
                continue;
            var peer = _received.Peer(i);
            if (_crypt is null)
                AnswerPlain(i, peer);
            else
                AnswerBox(i, peer);
        }

        for (var sent = 0; sent < _answers.Count;)
        {
            var result = _socket.Send(_answers, sent);
            if (result.IsWouldBlock)
            {
                // What the kernel has no room for is lost, as UDP has it; clients ask again.
                _lane.Counters.Unsent += _answers.Count - sent;
                return;
            }

            // One that cannot be sent does not keep the others.
            if (!result.IsDone)
                _lane.Counters.Unsent++;
            sent += result.IsDone ? Math.Max(1, result.Count) : 1;
        }
    }

    private void AnswerPlain(int index, in Endpoint peer)
    {
        var client = new Client(peer.Address, ClientKind.Udp, DatagramSize);
        if (_lane.Answer(_received.Data(index), client, peer, this, null, _answers.Room, out var length, out _) == QueryOutcome.Answered)
            _answers.AddReply(length, _received, index);
    }

    private void AnswerBox(int index, in Endpoint peer)
    {
        var packet = _received.Data(index);
        var session = _crypt!.Open(packet, _plain, out var query);
        if (session is null)
        {
            // The certificates themselves are asked for in the clear.
            var certificates = _crypt.AnswerPlain(packet, _answers.Room, isDatagram: true);
            if (certificates > 0)
                _answers.AddReply(certificates, _received, index);
            return;
        }

        var client = new Client(peer.Address, ClientKind.DnsCryptUdp, session.AnswerLimit);
        if (_lane.Answer(_plain.AsSpan(0, query), client, peer, this, session, _sealed, out var length, out _) != QueryOutcome.Answered)
            return;
        length = session.Seal(_sealed.AsSpan(0, length), _answers.Room, packet.Length);
        if (length > 0)
            _answers.AddReply(length, _received, index);
        else
            _lane.Counters.Unsent++;
    }
}
