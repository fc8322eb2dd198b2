using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Sodium;
using Gatehouse.Net.Transports;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;
using Gatehouse.Protocols.DnsCrypt;

namespace Gatehouse.Dns.Servers;

/// <summary>
/// A server over DNSCrypt, perhaps through a relay, which then sees who asks and the server what is asked, but nobody both. Each query has a key of its own, so
/// that nothing tells which come from one client. What does not fit a datagram goes over TCP.
/// </summary>
internal sealed class DnsCryptServer : NameServer
{
    private const int MaxMismatches = 64;

    // Asked for anew now and then, so that a key which was withdrawn is not used to its end.
    private static readonly TimeSpan CertificateTime = TimeSpan.FromHours(1);

    private readonly QueryRandom _random = new();
    private readonly ServerAddress _address;
    private readonly ServerOptions _options;
    private readonly Endpoint _server;
    private readonly Endpoint _target;
    private readonly DnsName _provider;
    private DnsCryptCertificate? _certificate;
    private long _fetchedAt;
    private Task<DnsCryptCertificate>? _fetching;

    internal DnsCryptServer(Reactor reactor, ServerAddress address, ServerOptions options)
        : base(reactor, address.Text)
    {
        _address = address;
        _options = options;
        _server = new Endpoint(address.Addresses[0], address.Port);
        _target = address.Relay ?? _server;
        _provider = DnsName.Parse(address.ProviderName);
    }

    public override bool IsEncrypted => true;

    protected override int MaxOutstanding => _options.MaxOutstanding;

    protected override async ValueTask<ServerReply> AskAsync(ReadOnlyMemory<byte> query, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var box = Box();
        var sent = SentQuery.Of(query, _random.NextUInt16(), null);
        for (var attempt = 0; attempt < _options.Attempts; attempt++)
        {
            var certificate = await CertificateAsync(cancellation);
            var envelope = Envelope.Of(box, certificate, Name);
            var reply = await OverUdpAsync(envelope.Seal(sent.Message, DnsCryptQuery.LeastPadded), envelope.TryOpen, cancellation);
            if (reply is not null && sent.Mismatch(reply) is null && DnsHeader.TryRead(reply, out var header) && header.IsTruncated)
                reply = await OverTcpAsync(envelope.Seal(sent.Message, RandomNumberGenerator.GetInt32(1, 5) * DnsCryptPadding.Block), envelope.TryOpen, cancellation);
            if (reply is null)
            {
                // A server that does not know its key any more says nothing: the next try asks for its certificates.
                _certificate = null;
                continue;
            }

            if (sent.Mismatch(reply) is { } mismatch)
                throw new DnsException(DnsFault.BadReply, $"{Name} answered in its box something else: {mismatch}");
            return new ServerReply(sent.Restore(reply), ServerProtocol.DnsCrypt, _server) { Total = Stopwatch.GetElapsedTime(started) };
        }

        throw new DnsException(DnsFault.Timeout, $"{Name} did not answer {_options.Attempts} times within {_options.Timeout.TotalSeconds} s");
    }

    private static SodiumBox Box()
    {
        try
        {
            return SodiumBox.Instance;
        }
        catch (NotSupportedException exception)
        {
            throw new DnsException(DnsFault.Network, exception.Message, exception);
        }
    }

    private async ValueTask<DnsCryptCertificate> CertificateAsync(CancellationToken cancellation)
    {
        if (_certificate is { } known && known.IsValidAt(DateTimeOffset.UtcNow.ToUnixTimeSeconds()) && Stopwatch.GetElapsedTime(_fetchedAt) < CertificateTime)
            return known;

        // For all who wait, whoever of them gives up.
        var fetching = _fetching ??= FetchAsync();
        try
        {
            return await fetching.WaitAsync(cancellation);
        }
        finally
        {
            await ReactorSwitch.To(Reactor);
        }
    }

    private async Task<DnsCryptCertificate> FetchAsync()
    {
        try
        {
            var sent = SentQuery.Of(CertificateQuery(), _random.NextUInt16(), _random);
            byte[]? Accept(ReadOnlySpan<byte> packet) => sent.Mismatch(packet) is null ? packet.ToArray() : null;
            var reply = await OverUdpAsync(sent.Message, Accept, CancellationToken.None);
            if (reply is not null && DnsHeader.TryRead(reply, out var header) && header.IsTruncated)
                reply = await OverTcpAsync(sent.Message, Accept, CancellationToken.None);
            if (reply is null)
                throw new DnsException(DnsFault.Timeout, $"{Name} did not tell its certificates within {_options.Timeout.TotalSeconds} s");
            _certificate = Best(reply);
            _fetchedAt = Stopwatch.GetTimestamp();
            return _certificate;
        }
        finally
        {
            _fetching = null;
        }
    }

    private byte[] CertificateQuery()
    {
        var message = new byte[512];
        var writer = new DnsMessageWriter(message, new DnsHeader(0, DnsFlags.RecursionDesired));
        writer.TryWriteQuestion(_provider.Wire, DnsType.TXT);
        writer.TryBeginEdns(Protocols.Dns.Edns.DnsEdns.DefaultUdpSize, dnssecOk: false);
        writer.EndEdns();
        return message[..writer.Finish()];
    }

    // The best of those that the provider has signed and that are valid now.
    private DnsCryptCertificate Best(ReadOnlySpan<byte> reply)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        DnsCryptCertificate? best = null;
        var fault = "there is none among its TXT records";
        var reader = new DnsMessageReader(reply);
        Span<byte> text = stackalloc byte[1024];
        while (reader.TryReadRecord(out var record))
        {
            if (record.Section != DnsSection.Answer || record.Type != DnsType.TXT || !TryJoin(record.Data, text, out var length))
                continue;
            var bytes = text[..length];
            if (!DnsCryptCertificate.TryParse(bytes, out var certificate, out var unread))
                fault = unread;
            else if (!SodiumBox.Instance.Verify(DnsCryptCertificate.Signature(bytes), DnsCryptCertificate.SignedPart(bytes), _address.ProviderKey.Span))
                fault = "its signature is not the provider's";
            else if (!certificate.IsValidAt(now))
                fault = $"it is valid from {DateTimeOffset.FromUnixTimeSeconds(certificate.NotBefore):u} to {DateTimeOffset.FromUnixTimeSeconds(certificate.NotAfter):u}";
            else if (certificate.IsBetterThan(best))
                best = certificate;
        }

        return best ?? throw new DnsException(DnsFault.Untrusted, $"{Name}: expected a certificate of {_address.ProviderName}, and {fault}");
    }

    // The strings of a TXT record are parts of one text.
    private static bool TryJoin(ReadOnlySpan<byte> data, Span<byte> text, out int length)
    {
        length = 0;
        while (!data.IsEmpty)
        {
            int part = data[0];
            if (data.Length < 1 + part || length + part > text.Length)
                return false;
            data.Slice(1, part).CopyTo(text[length..]);
            length += part;
            data = data[(1 + part)..];
        }

        return true;
    }

    private byte[] Addressed(ReadOnlySpan<byte> packet)
    {
        if (_address.Relay is null)
            return packet.ToArray();
        var relayed = new byte[DnsCryptRelayHeader.Length + packet.Length];
        DnsCryptRelayHeader.Write(_server, relayed);
        packet.CopyTo(relayed.AsSpan(DnsCryptRelayHeader.Length));
        return relayed;
    }

    private async ValueTask<byte[]?> OverUdpAsync(byte[] packet, PacketReader read, CancellationToken cancellation)
    {
        var until = Reactor.Now + (long)_options.Timeout.TotalMilliseconds;
        var buffer = Reactor.Buffers.Rent();
        try
        {
            using var socket = UdpSocket.Connect(Reactor, _target);
            await socket.SendAsync(Addressed(packet), cancellation: cancellation);
            for (var mismatches = 0; mismatches < MaxMismatches; mismatches++)
            {
                socket.ReceiveTimeout = (int)Math.Max(1, until - Reactor.Now);
                var received = await socket.ReceiveAsync(buffer, cancellation);
                if (read(buffer.AsSpan(0, received.Count)) is { } reply)
                    return reply;
            }

            return null;
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (SocketException exception)
        {
            var reason = exception.SocketErrorCode == SocketError.ConnectionRefused ? "nobody listens there" : exception.Message;
            throw new DnsException(DnsFault.Network, $"{Name} cannot be asked over UDP: {reason}", exception);
        }
        finally
        {
            Reactor.Buffers.Return(buffer);
        }
    }

    private async ValueTask<byte[]?> OverTcpAsync(byte[] packet, PacketReader read, CancellationToken cancellation)
    {
        try
        {
            await using var stream = await NetClient.ConnectAsync(_target, _options.Timeout, Reactor, cancellation);
            stream.ReadTimeout = stream.WriteTimeout = (int)_options.Timeout.TotalMilliseconds;
            var addressed = Addressed(packet);
            var framed = new byte[2 + addressed.Length];
            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)addressed.Length);
            addressed.CopyTo(framed, 2);
            await stream.WriteAsync(framed, cancellation);
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, cancellation);
            var reply = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(reply, cancellation);
            return read(reply);
        }
        catch (TimeoutException)
        {
            return null;
        }
        catch (IOException exception)
        {
            throw new DnsException(DnsFault.Network, $"{Name} cannot be asked over TCP: {exception.Message}", exception);
        }
    }

    private delegate byte[]? PacketReader(ReadOnlySpan<byte> packet);

    /// <summary>What one query is sealed with and its answers are opened with.</summary>
    private sealed class Envelope(SodiumBox box, DnsCryptCertificate certificate, byte[] clientKey, byte[] sharedKey)
    {
        private readonly byte[] _nonce = new byte[DnsCryptQuery.HalfNonce];

        /// <exception cref="DnsException">The server's key is none.</exception>
        public static Envelope Of(SodiumBox box, DnsCryptCertificate certificate, string name)
        {
            var (open, shared) = (new byte[SodiumBox.KeyLength], new byte[SodiumBox.KeyLength]);
            Span<byte> secret = stackalloc byte[SodiumBox.KeyLength];
            box.MakeKeys(open, secret);
            var isKey = box.TryAgree(certificate.Construction, certificate.ResolverKey.Span, secret, shared);
            CryptographicOperations.ZeroMemory(secret);
            return isKey ? new Envelope(box, certificate, open, shared) : throw new DnsException(DnsFault.Untrusted, $"{name}: the key in its certificate is none");
        }

        public byte[] Seal(byte[] message, int least)
        {
            RandomNumberGenerator.Fill(_nonce);
            var query = new byte[DnsCryptQuery.LengthFor(message.Length, least)];
            DnsCryptQuery.Seal(certificate, clientKey, sharedKey, _nonce, message, least, box, query, new byte[query.Length]);
            return query;
        }

        public byte[]? TryOpen(ReadOnlySpan<byte> packet)
        {
            var message = new byte[packet.Length];
            var length = DnsCryptResponse.Open(certificate.Construction, sharedKey, _nonce, packet, box, message);
            return length < 0 ? null : message[..length];
        }
    }
}
