using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gatehouse.Http.Client;
using Gatehouse.Http.Client.Http2;
using Gatehouse.Net.Reactors;
using Gatehouse.Net.Timers;
using Gatehouse.Protocols;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Protocols.Headers;

namespace Gatehouse.Dns.Servers;

/// <summary>
/// A server over HTTPS (RFC 8484): a POST or GET for each query, many at a time over one connection of HTTP/2. Queries go with the id 0, so that caches may
/// answer them (section 4.1), and what an answer's Age says is taken off its times to live (section 5.1).
/// </summary>
internal sealed class HttpsServer : NameServer
{
    private const int LargestMessage = ushort.MaxValue;

    private readonly ServerAddress _address;
    private readonly ServerOptions _options;
    private readonly ServerPlace _place;
    private readonly ServerTls _tls;
    private readonly byte[] _authority;
    private readonly byte[] _path;
    private readonly List<Http2ConnectionPool> _pools = [];

    internal HttpsServer(Reactor reactor, ServerAddress address, ServerOptions options)
        : base(reactor, address.Text)
    {
        _address = address;
        _options = options;
        _place = new ServerPlace(reactor, address, options);
        _tls = new ServerTls(address, options, ["h2"]);
        var host = address.CertificateName == address.Host ? address.Host : address.CertificateName;
        var authority = address with { Host = host };
        _authority = Encoding.ASCII.GetBytes(address.Port == 443 ? authority.Authority[..^4] : authority.Authority);
        _path = Encoding.ASCII.GetBytes(address.Path);
    }

    public override bool IsEncrypted => true;

    protected override int MaxOutstanding => _options.MaxOutstanding;

    protected override async ValueTask<ServerReply> AskAsync(ReadOnlyMemory<byte> query, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var sent = SentQuery.Of(query, 0, null);
        await FindPoolsAsync(cancellation);
        for (var i = 0; ; i++)
        {
            for (var isAgain = false; ; isAgain = true)
            {
                try
                {
                    return await AskAsync(_pools[i], sent, started, cancellation);
                }
                catch (ClientException exception) when (exception.Fault is ClientFault.ClosedBeforeResponse or ClientFault.Refused && !isAgain)
                {
                    // The server may close a connection at rest at any moment; a query may be sent again.
                }
                catch (ClientException exception) when (exception.IsUnsent && i + 1 < _pools.Count)
                {
                    break;
                }
                catch (ClientException exception)
                {
                    throw Translate(exception);
                }
            }
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var pool in _pools)
                pool.Close();
        }
        base.Dispose(disposing);
    }

    private async ValueTask FindPoolsAsync(CancellationToken cancellation)
    {
        if (_pools.Count > 0)
            return;
        var addresses = await _place.FindAsync(cancellation);
        // Another query may have found them meanwhile.
        if (_pools.Count > 0)
            return;
        var timeouts = new ClientTimeouts
        {
            Connect = _options.Timeout,
            FirstByte = _options.Timeout,
            Idle = _options.Timeout,
            KeepAlive = _options.KeepAlive,
        };
        foreach (var address in addresses)
            _pools.Add(new Http2ConnectionPool(Reactor, new Endpoint(address, _address.Port), timeouts) { Tls = new ClientTls(_tls.Client, _tls.Name) });
    }

    private async ValueTask<ServerReply> AskAsync(Http2ConnectionPool pool, SentQuery sent, long started, CancellationToken cancellation)
    {
        var isReused = pool.Count > 0;
        using var stream = pool.Open();
        using var limit = new Limit(Reactor, stream, _options.Timeout, cancellation);
        try
        {
            await stream.ReadyAsync();
            var connected = isReused ? TimeSpan.Zero : Stopwatch.GetElapsedTime(started);
            _tls.Check(stream.Tls);
            var facts = stream.Tls;
            await SendAsync(stream, sent.Message);
            await stream.ReadHeadAsync();
            while (stream.Response.IsInterim)
            {
                stream.NextHead();
                await stream.ReadHeadAsync();
            }
            CheckHead(stream);
            var age = AgeOf(stream);
            var reply = await ReadAsync(stream);
            if (sent.Mismatch(reply) is { } mismatch)
                throw new DnsException(DnsFault.BadReply, $"{Name} sent {mismatch} where an answer was expected");
            var message = sent.Restore(reply);
            Cache.MessageAge.Apply(message, age);
            return new ServerReply(message, ServerProtocol.Https, pool.Endpoint)
            {
                Tls = facts,
                Connected = connected,
                Total = Stopwatch.GetElapsedTime(started),
                IsReused = isReused,
            };
        }
        catch (ClientException) when (limit.HasPassed)
        {
            throw new DnsException(DnsFault.Timeout, string.Create(CultureInfo.InvariantCulture, $"{Name} did not answer within {_options.Timeout.TotalSeconds} s"));
        }
        catch (ClientException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (DnsException exception) when (exception.Fault == DnsFault.Untrusted)
        {
            pool.Close();
            _pools.Clear();
            throw;
        }
    }

    private async ValueTask SendAsync(Http2ClientStream stream, byte[] message)
    {
        var path = _path;
        if (_address.UsesGet)
        {
            var encoded = Base64Url.EncodeToUtf8(message);
            path = [.. _path, _path.Contains((byte)'?') ? (byte)'&' : (byte)'?', .. "dns="u8, .. encoded];
        }
        WriteHead(stream, path, message.Length);
        if (!_address.UsesGet)
            await stream.WriteAsync(message, isLast: true);
    }

    private void WriteHead(Http2ClientStream stream, byte[] path, int length)
    {
        var bound = path.Length + _authority.Length + 64 + (8 * Http2RequestHead.PartOverhead);
        var head = stream.BeginHead(_address.UsesGet ? Method.Get : Method.Post, bound);
        head.Line(_address.UsesGet ? "GET"u8 : "POST"u8, isHttps: true, _authority, path);
        head.Field(KnownHeader.Accept, "application/dns-message"u8);
        if (!_address.UsesGet)
        {
            head.Field(KnownHeader.ContentType, "application/dns-message"u8);
            head.Number(KnownHeader.ContentLength, length);
        }
        head.End(isLast: _address.UsesGet);
    }

    private void CheckHead(Http2ClientStream stream)
    {
        if (stream.Response.Status != 200)
            throw new DnsException(DnsFault.BadReply, $"{Name} answered with the status {stream.Response.Status}");
        var isMessage = stream.Response.Fields.TryGet(KnownHeader.ContentType, out var type) && type.StartsWith("application/dns-message"u8);
        if (!isMessage)
            throw new DnsException(DnsFault.BadReply, $"{Name} answered with '{Encoding.Latin1.GetString(type)}', expected application/dns-message");
    }

    private static uint AgeOf(Http2ClientStream stream) =>
        stream.Response.Fields.TryGet(KnownHeader.Age, out var text) && Utf8Parser.TryParse(text, out uint age, out var used) && used == text.Length ? age : 0;

    private async ValueTask<byte[]> ReadAsync(Http2ClientStream stream)
    {
        var buffer = new byte[512];
        for (var held = 0; ;)
        {
            var count = stream.TryReadBody(buffer.AsSpan(held));
            if (count == 0)
                return buffer[..held];
            if (count < 0)
                await stream.WaitForBodyAsync();
            else if ((held += count) == buffer.Length)
            {
                if (held > LargestMessage)
                    throw new DnsException(DnsFault.BadReply, $"{Name} sent more than the {LargestMessage} bytes that a message may have");
                Array.Resize(ref buffer, Math.Min(LargestMessage + 1, buffer.Length * 4));
            }
        }
    }

    private DnsException Translate(ClientException exception)
    {
        var fault = exception.Fault switch
        {
            ClientFault.ConnectTimeout or ClientFault.ResponseTimeout or ClientFault.BodyTimeout or ClientFault.SendTimeout or ClientFault.TotalTimeout => DnsFault.Timeout,
            ClientFault.Connect when exception.Message.Contains("certificate", StringComparison.Ordinal) => DnsFault.Untrusted,
            ClientFault.BadResponse => DnsFault.BadReply,
            ClientFault.PoolExhausted => DnsFault.Busy,
            _ => DnsFault.Network,
        };
        return new DnsException(fault, $"{Name}: {exception.Message}", exception);
    }

    /// <summary>The time that all of a query may take, and its cancellation: either ends the stream.</summary>
    private sealed class Limit : ITimerTarget, IReactorWork, IDisposable
    {
        private readonly Http2ClientStream _stream;
        private readonly int _generation;
        private readonly ReactorTimer _timer;
        private readonly CancellationTokenRegistration _registration;

        internal Limit(Reactor reactor, Http2ClientStream stream, TimeSpan timeout, CancellationToken cancellation)
        {
            _stream = stream;
            _generation = stream.Generation;
            _timer = new ReactorTimer(reactor, this);
            _timer.Arm((long)timeout.TotalMilliseconds);
            if (cancellation.CanBeCanceled)
                _registration = cancellation.UnsafeRegister(static state => ((Limit)state!)._timer.Reactor.TryPost((Limit)state), this);
        }

        internal bool HasPassed { get; private set; }

        public void OnTimer()
        {
            HasPassed = true;
            Run();
        }

        public void Run()
        {
            if (_stream.Generation == _generation)
                _stream.OnClientAborted();
        }

        public void Dispose()
        {
            _timer.Release();
            _registration.Unregister();
        }
    }
}
