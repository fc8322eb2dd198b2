using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Gatehouse.Bench.Load;
using Gatehouse.Bench.Servers;

namespace Gatehouse.Bench.Probes;

/// <summary>A connection, plain or with TLS, that sends what the load sends and looks at every byte that comes back.</summary>
internal sealed class AnswerProbe : IDisposable
{
    private const int HeadBound = 16 * 1024;
    private static readonly TimeSpan AnswerBound = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly int _port;
    private byte[] _buffer = new byte[1024];

    private Stream _stream = Stream.Null;

    private AnswerProbe(int port) => _port = port;

    /// <summary>Version and suite that were agreed on; null on a plain connection.</summary>
    public string? TlsFacts { get; private set; }

    /// <summary>Connects to a port of 127.0.0.1, with TLS when <paramref name="tls"/> is given; null when nothing listens there.</summary>
    /// <exception cref="RowFailedException">The handshake fails, or another certificate is presented.</exception>
    public static async Task<AnswerProbe?> TryConnectAsync(int port, TlsFiles? tls, CancellationToken stop)
    {
        var probe = new AnswerProbe(port);
        try
        {
            await probe._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), stop);
            probe._stream = new NetworkStream(probe._socket);
            if (tls is not null) await probe.SecureAsync(tls, stop);
            return probe;
        }
        catch (AuthenticationException e)
        {
            probe.Dispose();
            throw new RowFailedException($"TLS handshake: {e.Message}");
        }
        catch (SocketException)
        {
            probe.Dispose();
            return null;
        }
        catch
        {
            probe.Dispose();
            throw;
        }
    }

    /// <summary>Connects to a port of 127.0.0.1, with TLS when <paramref name="tls"/> is given.</summary>
    /// <exception cref="RowFailedException">Nothing listens there, or the handshake fails.</exception>
    public static async Task<AnswerProbe> ConnectAsync(int port, TlsFiles? tls, CancellationToken stop) =>
        await TryConnectAsync(port, tls, stop) ?? throw new RowFailedException($"cannot connect to port {port}");

    /// <summary>
    /// Fetches the answer of <paramref name="work"/> and compares it with what is expected: twice over one connection, or once and then the end of it.
    /// Gives the answer's length on the wire, and what TLS agreed on.
    /// </summary>
    /// <exception cref="RowFailedException">Status, length, headers, body or the connection's fate are not as expected.</exception>
    public static async Task<(int WireLength, string? TlsFacts)> CheckAsync(int port, TlsFiles? tls, Work work, CancellationToken stop)
    {
        using var probe = await ConnectAsync(port, tls, stop);
        var answer = await probe.FetchAsync(work, stop);
        Compare(answer, work);
        if (!work.Closes && !work.MayClose) Compare(await probe.FetchAsync(work, stop), work);
        return (answer.WireLength, probe.TlsFacts);
    }

    /// <summary>Sends the request and reads one answer with a Content-Length, and the end of the connection when that was asked for.</summary>
    /// <exception cref="RowFailedException">The answer is late, cut short or without Content-Length, or bytes follow it.</exception>
    public async Task<Answer> FetchAsync(Work work, CancellationToken stop)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stop);
        bounded.CancelAfter(AnswerBound);
        try
        {
            var answer = await ExchangeAsync(work, bounded.Token);
            if (work.Closes && await _stream.ReadAsync(_buffer.AsMemory(0, 1), bounded.Token) != 0)
                throw new RowFailedException($"{work.Target}: bytes came behind an answer to a request with Connection: close");
            return answer;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new RowFailedException($"{work.Target}: {e.Message}");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new RowFailedException($"{work.Target}: no whole answer within {AnswerBound.TotalSeconds:0} s");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    // Signed by itself: it is good when it is the very one.
    private async Task SecureAsync(TlsFiles tls, CancellationToken stop)
    {
        var secure = new SslStream(_stream);
        _stream = secure;
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                EnabledSslProtocols = tls.Version,
                RemoteCertificateValidationCallback = (_, certificate, _, _) => tls.Der.Span.SequenceEqual(certificate!.GetRawCertData()),
            },
            stop);
        TlsFacts = $"{secure.SslProtocol} {secure.NegotiatedCipherSuite}";
    }

    private async Task<Answer> ExchangeAsync(Work work, CancellationToken stop)
    {
        var lines = string.Concat(work.Headers.Select(line => line + "\r\n"));
        if (work.Upload > 0) lines += $"Content-Length: {work.Upload}\r\n";
        var request = $"{(work.Upload > 0 ? "POST" : "GET")} {work.Target} HTTP/1.1\r\nHost: 127.0.0.1:{_port}\r\n{lines}\r\n{new string('x', work.Upload)}";
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(request), stop);

        var have = 0;
        int headEnd;
        while ((headEnd = _buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (have == HeadBound) throw new RowFailedException($"{work.Target}: the head of the answer is longer than {have} bytes");
            if (have == _buffer.Length) Array.Resize(ref _buffer, 2 * have);
            have += await ReadAsync(have, work, stop);
        }

        var (status, headers) = Answer.ParseHead(Encoding.Latin1.GetString(_buffer, 0, headEnd));
        var answer = new Answer(status, headers, [], 0);
        if (answer.Header("Transfer-Encoding") == "chunked") return await ReadChunksAsync(answer, headEnd + 4, have, work, stop);
        if (!int.TryParse(answer.Header("Content-Length"), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            throw new RowFailedException($"{work.Target}: expected an answer with one Content-Length; status {status}");

        var bodyStart = headEnd + 4;
        if (bodyStart + length > _buffer.Length) Array.Resize(ref _buffer, bodyStart + length);
        while (have < bodyStart + length) have += await ReadAsync(have, work, stop);
        if (have > bodyStart + length) throw new RowFailedException($"{work.Target}: {have - bodyStart - length} bytes came behind the answer");
        return answer with { Body = _buffer[bodyStart..have], WireLength = have };
    }

    private async Task<Answer> ReadChunksAsync(Answer answer, int at, int have, Work work, CancellationToken stop)
    {
        var body = new List<byte>();
        while (true)
        {
            int line;
            while ((line = _buffer.AsSpan(at, have - at).IndexOf("\r\n"u8)) < 0) have += await ReadMoreAsync(have);
            if (!int.TryParse(Encoding.Latin1.GetString(_buffer, at, line), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size))
                throw new RowFailedException($"{work.Target}: expected the size of a chunk");
            at += line + 2;
            while (have < at + size + 2) have += await ReadMoreAsync(have);
            body.AddRange(_buffer.AsSpan(at, size));
            at += size + 2;
            if (size > 0) continue;
            if (have > at) throw new RowFailedException($"{work.Target}: {have - at} bytes came behind the answer");
            return answer with { Body = [.. body], WireLength = have };
        }

        Task<int> ReadMoreAsync(int filled)
        {
            if (filled == _buffer.Length) Array.Resize(ref _buffer, 2 * filled);
            return ReadAsync(filled, work, stop);
        }
    }

    private async Task<int> ReadAsync(int have, Work work, CancellationToken stop)
    {
        var got = await _stream.ReadAsync(_buffer.AsMemory(have), stop);
        return got > 0 ? got : throw new RowFailedException($"{work.Target}: the connection ended after {have} bytes of the answer");
    }

    private static void Compare(Answer answer, Work work)
    {
        Expect("status", "200", answer.Status.ToString(CultureInfo.InvariantCulture));
        if (work.IsVaried) Expect("body", "one", answer.Body.Length > 0 ? "one" : "none");
        else Expect("length", $"{work.Body.Length}", $"{answer.Body.Length}");
        if (!work.IsVaried && !work.Body.Span.SequenceEqual(answer.Body)) throw new RowFailedException($"{work.Target}: the body is not the expected one");
        Expect("Content-Encoding", "none", answer.Header("Content-Encoding") ?? "none");
        if (!work.MayClose) Expect("Connection", work.Closes ? "close" : "keep-alive", answer.Header("Connection")?.ToLowerInvariant() ?? "keep-alive");

        string[] needed = work.IsFile ? ["Date", "Content-Type", "Last-Modified", "ETag"] : work.IsUndated ? ["Content-Type"] : ["Date", "Content-Type"];
        foreach (var name in needed)
            if (answer.Header(name) is null) throw new RowFailedException($"{work.Target}: expected one {name} header");

        void Expect(string what, string expected, string found)
        {
            if (expected != found) throw new RowFailedException($"{work.Target}: expected {what} {expected}, found {found}");
        }
    }
}
