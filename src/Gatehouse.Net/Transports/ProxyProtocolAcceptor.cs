using Gatehouse.Net.Timers;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Http1;
using Gatehouse.Protocols.ProxyProtocol;

namespace Gatehouse.Net.Transports;

/// <summary>
/// Reads the PROXY header that trusted proxies put in front of a connection, announces the client that it names, and gives the connection on. Connections from
/// anybody else are given on as they are, so that what they claim is not believed, and is not understood either.
/// </summary>
public sealed class ProxyProtocolAcceptor : IConnectionAcceptor
{
    private readonly IConnectionAcceptor _next;
    private readonly Action<Endpoint, string>? _failed;
    private Settings _settings;
    private int _waiting;

    /// <summary>Puts the reading of PROXY headers in front of <paramref name="next"/>.</summary>
    /// <param name="next">Who takes the connections.</param>
    /// <param name="trust">The proxies that are believed; the peer of a Unix socket always is.</param>
    /// <param name="time">How long a header may take.</param>
    /// <param name="failed">Told of connections that had no good header, and were closed.</param>
    public ProxyProtocolAcceptor(IConnectionAcceptor next, IReadOnlyList<IpPrefix> trust, TimeSpan time, Action<Endpoint, string>? failed = null)
    {
        _next = next;
        _failed = failed;
        _settings = new Settings(SetOf(trust), time);
    }

    /// <summary>Connections whose header is awaited.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Changes whom it believes and how long it waits, for connections accepted from now on.</summary>
    public void Change(IReadOnlyList<IpPrefix> trust, TimeSpan time) => Volatile.Write(ref _settings, new Settings(SetOf(trust), time));

    /// <inheritdoc/>
    public void Accept(Transport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var settings = Volatile.Read(ref _settings);
        var peer = transport.RemoteEndpoint.Address;
        if (!peer.IsNone && !settings.Trust.Contains(peer.Unmapped))
        {
            _next.Accept(transport);
            return;
        }

        Interlocked.Increment(ref _waiting);
        new Arrival(this, transport, settings.Time).OnReadable();
    }

    /// <inheritdoc/>
    public void AcceptSuspended(int errno, TimeSpan pause) => _next.AcceptSuspended(errno, pause);

    private static IpPrefixSet<bool> SetOf(IReadOnlyList<IpPrefix> trust) => new(trust.Select(prefix => KeyValuePair.Create(prefix, true)));

    private sealed record Settings(IpPrefixSet<bool> Trust, TimeSpan Time);

    /// <summary>One connection whose header is awaited.</summary>
    private sealed class Arrival : ITransportEvents, ITimerTarget
    {
        private readonly ProxyProtocolAcceptor _acceptor;
        private readonly Transport _transport;
        private readonly ReactorTimer _timer;
        private readonly TimeSpan _time;
        private bool _isOver;

        internal Arrival(ProxyProtocolAcceptor acceptor, Transport transport, TimeSpan time)
        {
            _acceptor = acceptor;
            _transport = transport;
            _time = time;
            _timer = new ReactorTimer(transport.Reactor, this);
            _timer.Arm((long)time.TotalMilliseconds);
            transport.Events = this;
        }

        public void OnReadable()
        {
            if (_isOver)
                return;
            Span<byte> begin = stackalloc byte[ProxyHeaderReader.MaxLength];
            var peeked = _transport.Peek(begin);
            if (peeked.IsWouldBlock)
                return;
            if (!peeked.IsDone)
            {
                Fail(peeked.IsEndOfStream ? "the connection ended before its PROXY header" : Errno.Describe(peeked.Errno));
                return;
            }

            begin = begin[..peeked.Count];
            switch (ProxyHeaderReader.Read(begin, out var header, out var length, out var fault))
            {
                case ParseStatus.Done:
                    Take(header, begin[..length]);
                    break;
                case ParseStatus.Failed:
                    Fail(fault!);
                    break;
            }
        }

        public void OnWritable()
        {
        }

        public void OnBroken(int errno) => Fail(Errno.Describe(errno));

        public void OnTimer() => Fail($"its PROXY header did not arrive within {_time.TotalSeconds:0.###} s");

        private void Take(in ProxyHeader header, Span<byte> length)
        {
            // All of it was there to be peeked at, so a read that takes less has met a limit, and goes on.
            while (!length.IsEmpty && _transport.Read(length) is { IsDone: true } read)
                length = length[read.Count..];
            if (!length.IsEmpty)
            {
                Fail("its PROXY header could not be read");
                return;
            }

            if (header.IsProxied)
                _transport.Announce(header.Source, header.Destination);
            End();
            _acceptor._next.Accept(_transport);
        }

        private void Fail(string reason)
        {
            if (_isOver)
                return;
            End();
            _transport.Abort();
            _acceptor._failed?.Invoke(_transport.RemoteEndpoint, $"PROXY header: {reason}");
        }

        private void End()
        {
            _isOver = true;
            _timer.Release();
            Interlocked.Decrement(ref _acceptor._waiting);
        }
    }
}
