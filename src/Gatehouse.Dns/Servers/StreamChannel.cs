using System.Buffers.Binary;
using System.Globalization;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Tls;

namespace Gatehouse.Dns.Servers;

/// <summary>
/// One connection to a server: messages with two bytes of length in front (RFC 1035 section 4.2.2), many under way at a time, told apart by their ids. It
/// closes when nothing was asked for a while. On its reactor only.
/// </summary>
internal sealed class StreamChannel : ITimerTarget
{
    private const int FirstBuffer = 4096;
    private const int LargestMessage = ushort.MaxValue + 2;

    private readonly Reactor _reactor;
    private readonly string _name;
    private readonly ServerOptions _options;
    private readonly QueryRandom _random;
    private readonly ServerPlace _place;
    private readonly ServerTls? _tls;
    private readonly Dictionary<ushort, PendingReply> _pending = [];
    private readonly Queue<byte[]> _toSend = new();
    private readonly ReactorTimer _idle;
    private TransportStream? _stream;
    private Task? _opening;
    private DnsException? _fault;
    private long _received;
    private bool _isSending;

    internal StreamChannel(Reactor reactor, string name, ServerOptions options, QueryRandom random, ServerPlace place, ServerTls? tls)
    {
        _reactor = reactor;
        _name = name;
        _options = options;
        _random = random;
        _place = place;
        _tls = tls;
        _idle = new ReactorTimer(reactor, this);
    }

    internal bool IsUsable => _fault is null;

    internal bool IsConnected => _stream is not null && _fault is null;

    internal Endpoint Endpoint => _stream?.RemoteEndpoint ?? default;

    internal TlsFacts? Tls => _stream?.Transport.Tls;

    /// <summary>Connects, once for all who wait.</summary>
    /// <exception cref="DnsException">The server cannot be reached, or is somebody else.</exception>
    internal async ValueTask OpenAsync(CancellationToken cancellation)
    {
        if (_stream is null)
            await (_opening ??= ConnectAsync()).WaitAsync(cancellation);
        await ReactorSwitch.To(_reactor);
    }

    /// <summary>Asks, on a connection that stands.</summary>
    /// <exception cref="DnsException">No answer came.</exception>
    internal Task<byte[]> QueryAsync(ReadOnlyMemory<byte> query, CancellationToken cancellation)
    {
        if (_fault is not null)
            throw _fault;
        ushort id;
        do
            id = _random.NextUInt16();
        while (_pending.ContainsKey(id));
        var sent = SentQuery.Of(query, id, null);
        var pending = new PendingReply(_reactor, sent, _options.Timeout, OnLate) { ReceivedBefore = _received };
        _pending.Add(id, pending);
        pending.OnCancelled(pending => Drop(pending, new OperationCanceledException(cancellation)), cancellation);
        _idle.Disarm();
        var framed = new byte[sent.Message.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)sent.Message.Length);
        sent.Message.CopyTo(framed, 2);
        _toSend.Enqueue(framed);
        if (!_isSending)
            _ = SendAsync();
        return pending.Task;
    }

    internal void Close() => Fail(new DnsException(DnsFault.Network, $"the connection to {_name} was closed by this side"));

    void ITimerTarget.OnTimer()
    {
        if (_pending.Count == 0)
            Close();
    }

    private async Task ConnectAsync()
    {
        try
        {
            _stream = await _place.ConnectAsync(_tls, CancellationToken.None);
            _stream.ReadTimeout = Timeout.Infinite;
            _stream.WriteTimeout = (int)_options.Timeout.TotalMilliseconds;
            _idle.Arm((long)_options.KeepAlive.TotalMilliseconds);
            _ = ReceiveAsync(_stream);
        }
        catch (DnsException exception)
        {
            _fault = exception;
            throw;
        }
    }

    private async Task SendAsync()
    {
        _isSending = true;
        try
        {
            while (_fault is null && _toSend.TryDequeue(out var framed))
                await _stream!.WriteAsync(framed);
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            Fail(new DnsException(DnsFault.Network, $"the connection to {_name} broke: {exception.Message}", exception));
        }
        _isSending = false;
    }

    private async Task ReceiveAsync(TransportStream stream)
    {
        var buffer = new byte[FirstBuffer];
        var held = 0;
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer.AsMemory(held))) > 0)
            {
                _received += count;
                held += count;
                var taken = Take(buffer.AsSpan(0, held));
                buffer.AsSpan(taken, held - taken).CopyTo(buffer);
                held -= taken;
                if (held == buffer.Length)
                    Array.Resize(ref buffer, Math.Min(LargestMessage, buffer.Length * 4));
            }
            Fail(new DnsException(DnsFault.Network, held > 0
                ? $"{_name} closed the connection in the middle of a message"
                : $"{_name} closed the connection"));
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or ObjectDisposedException)
        {
            Fail(new DnsException(DnsFault.Network, $"the connection to {_name} broke: {exception.Message}", exception));
        }
    }

    // Gives whole messages to who waits for them, and returns their bytes.
    private int Take(ReadOnlySpan<byte> received)
    {
        var at = 0;
        while (received.Length - at >= 2 && BinaryPrimitives.ReadUInt16BigEndian(received[at..]) is var length && received.Length - at >= length + 2)
        {
            Answer(received.Slice(at + 2, length));
            at += length + 2;
        }
        return at;
    }

    private void Answer(ReadOnlySpan<byte> message)
    {
        // An answer that nobody waits for is one that came too late.
        if (message.Length < 2 || !_pending.TryGetValue(BinaryPrimitives.ReadUInt16BigEndian(message), out var pending))
            return;
        if (pending.Query.Mismatch(message) is { } mismatch)
        {
            Fail(new DnsException(DnsFault.BadReply, $"{_name} sent {mismatch} where an answer was expected"));
            return;
        }
        Forget(pending);
        pending.Set(pending.Query.Restore(message));
    }

    private void OnLate(PendingReply pending)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"{_name} did not answer within {_options.Timeout.TotalSeconds} s");
        Drop(pending, new DnsException(DnsFault.Timeout, message));
        // Nothing at all came in that time: the other side is gone, or drips.
        if (_received == pending.ReceivedBefore)
            Fail(new DnsException(DnsFault.Timeout, message));
    }

    private void Drop(PendingReply pending, Exception exception)
    {
        if (pending.Task.IsCompleted)
            return;
        Forget(pending);
        pending.Fail(exception);
    }

    private void Forget(PendingReply pending)
    {
        _pending.Remove(pending.Query.Id);
        if (_pending.Count == 0 && _fault is null)
            _idle.Arm((long)_options.KeepAlive.TotalMilliseconds);
    }

    private void Fail(DnsException fault)
    {
        if (_fault is not null)
            return;
        _fault = fault;
        _idle.Release();
        _stream?.Dispose();
        foreach (var pending in _pending.Values.ToArray())
            Drop(pending, fault);
    }
}
