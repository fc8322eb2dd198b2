using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Gatehouse.Net.Tests.Support;
using Gatehouse.Net.Tls;
using Gatehouse.Net.Transports;
using Gatehouse.Testing;

namespace Gatehouse.Net.Tests.Tls;

/// <summary>Real peers: openssl's s_client and s_server, curl, and .NET's own SslStream.</summary>
public sealed class TlsPeerTests : IDisposable
{
    private readonly TlsLab _lab = new();
    private readonly TempFolder _folder = new();
    private readonly string _authority;

    public TlsPeerTests() => _authority = _folder.Write("ca.pem", _lab.Authority.Pem);

    public void Dispose()
    {
        _folder.Dispose();
        _lab.Dispose();
    }

    [Theory]
    [InlineData("-tls1_3", "TLSv1.3")]
    [InlineData("-tls1_2", "TLSv1.2")]
    public void OpenSSLs_client_agrees_on_a_version_and_verifies(string version, string agreed)
    {
        var output = Client(Echo(), version).Output;
        Assert.Contains(agreed, output, StringComparison.Ordinal);
        Assert.Contains("Verify return code: 0 (ok)", output, StringComparison.Ordinal);
        Assert.Contains("Peer Temp Key: X25519", output.Replace("Server Temp", "Peer Temp", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("Compression: NONE", output, StringComparison.Ordinal);
        Assert.Contains("ALPN protocol: http/1.1", output, StringComparison.Ordinal);
        Assert.Contains("hello over there", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_1")]
    [InlineData("-tls1")]
    [InlineData("-tls1_2 -cipher AES128-SHA:@SECLEVEL=0")]
    [InlineData("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA")]
    [InlineData("-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256")]
    public void Old_versions_and_weak_suites_are_refused(string arguments) =>
        Assert.Contains("alert", Client(Echo(), arguments.Split(' ')).Error, StringComparison.Ordinal);

    [Fact]
    public void Renegotiation_is_refused()
    {
        // A line with R alone asks for it; openssl ends with its input, and must have the answer before.
        var result = PeerProcess.Run("sh", ["-c", $"(echo R; sleep 1) | openssl s_client -connect {Echo()} -tls1_2"]);
        Assert.Contains("no renegotiation", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("-tls1_3")]
    [InlineData("-tls1_2")]
    public void Tickets_resume_a_session_and_early_data_is_off(string version)
    {
        var endpoint = Echo(options => options with { TicketKeys = new TlsTicketKeys() });
        var file = _folder["session.pem"];
        var first = Client(endpoint, version, "-sess_out", file);
        Assert.Contains("New, TLSv", first.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Max Early Data: 1", first.Output, StringComparison.Ordinal);
        Assert.Contains("Reused, TLSv", Client(endpoint, version, "-sess_in", file).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(4)]
    public void A_full_handshake_gives_as_many_tickets_as_told(int tickets)
    {
        var endpoint = Echo(options => options with { TicketKeys = new TlsTicketKeys(), Tickets = tickets });
        Assert.Equal(tickets, Client(endpoint, "-tls1_3").Output.Split("Post-Handshake New Session Ticket arrived").Length - 1);
    }

    [Fact]
    public void A_staple_is_sent_to_who_asks()
    {
        // Any bytes will do for how they are carried: what they say is the client's to verify.
        var (certificate, key) = _lab.Authority.Issue("a.test");
        var stapled = TlsCertificate.FromPem(certificate, key, new byte[] { 0x30, 0x03, 0x0A, 0x01, 0x06 });
        var endpoint = Echo(options => options with { Sites = [new TlsSite([], new FixedCertificate(stapled))] });
        Assert.Contains("OCSP Response Status: unauthorized (0x6)", Client(endpoint, "-status").Output, StringComparison.Ordinal);
        Assert.Contains("OCSP response: no response sent", Client(Echo(), "-status").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_certificate_is_shown_by_openssl()
    {
        var (certificate, key) = _lab.Authority.Issue(new TestLeaf { Subject = "CN=Bob", Names = ["bob"], IsClient = true });
        var endpoint = Echo(options => options with
        {
            Sites = [new TlsSite([], new FixedCertificate(_lab.Certificate), TlsClientAuth.Required, [_lab.Authority.Der])],
        });
        var shown = Client(endpoint, "-cert", _folder.Write("bob.pem", certificate), "-key", _folder.Write("bob.key", key)).Output;
        Assert.Contains("hello over there, CN=Bob", shown, StringComparison.Ordinal);
        Assert.Contains("CN = Test Authority", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("hello over there", Client(endpoint).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Curl_is_answered()
    {
        var endpoint = Serve(transport => new Answering(transport));
        var result = PeerProcess.Run("curl", [
            "-sS", "--cacert", _authority, "--resolve", $"a.test:{endpoint.Port}:127.0.0.1", $"https://a.test:{endpoint.Port}/", "-w", "%{ssl_verify_result} %{http_version}"]);
        Assert.Equal("Hello, World!0 1.1", result.Output);
    }

    [Fact]
    public async Task SslStream_exchanges_a_lot()
    {
        var endpoint = Echo();
        using var socket = Clients.Connect(endpoint);
        using var stream = new SslStream(new NetworkStream(socket), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync("a.test");
        Assert.Equal(SslProtocols.Tls13, stream.SslProtocol);
        var sent = Clients.Random(3_000_000);
        var sending = stream.WriteAsync(sent).AsTask();
        var got = new byte[sent.Length];
        await stream.ReadExactlyAsync(got).AsTask().WaitAsync(ReactorExtensions.Limit);
        await sending;
        Assert.Equal(sent, got);
        await stream.ShutdownAsync();
        Assert.Equal(0, await stream.ReadAsync(got));
    }

    [Theory]
    [InlineData("-tls1_3")]
    [InlineData("-tls1_2")]
    public async Task Our_client_speaks_to_OpenSSLs_server(string version)
    {
        var (certificate, key) = _lab.Authority.Issue("a.test");
        var port = FreePort.Tcp();
        using var server = PeerProcess.Start("openssl", [
            "s_server", "-accept", $"127.0.0.1:{port}", "-cert", _folder.Write("a.pem", certificate), "-key", _folder.Write("a.key", key), version,
            "-alpn", "h2,http/1.1", "-rev", "-quiet"]);
        _lab.Client = new TlsClient(new TlsClientOptions { Authorities = [_lab.Authority.Der], Protocols = ["http/1.1"] });
        var endpoint = new Gatehouse.Protocols.Addresses.Endpoint(Acceptor.Loopback.Address, (ushort)port);
        Assert.True(SpinWait.SpinUntil(() => Listens(port), ReactorExtensions.Limit), server.Error);
        foreach (var isResumed in (bool[])[false, true])
        {
            var client = await _lab.Begin(endpoint);
            await client.Seen.Saw("writable");
            Assert.Equal(isResumed, client.Transport.Tls!.IsResumed);
            Assert.Equal("http/1.1", client.Transport.Tls!.Protocol);
            Assert.Equal(version == "-tls1_3" ? "TLSv1.3" : "TLSv1.2", client.Transport.Tls!.Version);
            var received = client.Receive(6);
            await client.Send("abcde\n"u8.ToArray());
            Assert.Equal("edcba\n", Encoding.ASCII.GetString(await received));
            await client.On(transport => transport.Close());
        }
    }

    private static bool Listens(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(System.Net.IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private PeerResult Client(Gatehouse.Protocols.Addresses.Endpoint endpoint, params string[] arguments) =>
        PeerProcess.Run("openssl", [.. ClientArguments(endpoint), .. arguments]);

    private string[] ClientArguments(Gatehouse.Protocols.Addresses.Endpoint endpoint) =>
        ["s_client", "-connect", endpoint.ToString(), "-servername", "a.test", "-verify_hostname", "a.test", "-CAfile", _authority, "-alpn", "h3,http/1.1", "-ign_eof"];

    private Gatehouse.Protocols.Addresses.Endpoint Echo(Func<TlsServerOptions, TlsServerOptions>? change = null) =>
        Serve(transport => new Greeting(transport), change);

    private Gatehouse.Protocols.Addresses.Endpoint Serve(Func<Transport, object> serve, Func<TlsServerOptions, TlsServerOptions>? change = null) =>
        _lab.Listen(_lab.Server(change), new Acceptor(transport => serve(transport))).Endpoint;

    /// <summary>Greets openssl (which reads to the end) and closes; echoes for whoever says something first.</summary>
    private sealed class Greeting : ITransportEvents
    {
        internal Greeting(Transport transport)
        {
            if (transport.Tls!.Protocol is null)
            {
                _ = new EchoConnection(transport);
                return;
            }

            transport.Events = this;
            transport.Write(Encoding.UTF8.GetBytes($"hello over there{(transport.Tls.Peer is { } peer ? ", " + peer.Subject : "")}\n"));
            transport.ShutdownWrite();
            Transport = transport;
            OnReadable();
        }

        private Transport? Transport { get; }

        public void OnReadable()
        {
            var buffer = new byte[1000];
            IoResult read;
            do
                read = Transport!.Read(buffer);
            while (read.IsDone);
            if (!read.IsWouldBlock)
                Transport!.Close();
        }

        public void OnWritable()
        {
        }

        public void OnBroken(int errno) => Transport!.Close();
    }

    private sealed class Answering : ITransportEvents
    {
        private readonly Transport _transport;

        internal Answering(Transport transport)
        {
            _transport = transport;
            transport.Events = this;
            OnReadable();
        }

        public void OnReadable()
        {
            if (_transport.Read(new byte[4000]) is not { IsDone: true })
                return;
            _transport.Write("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n"u8, "Hello, World!"u8);
        }

        public void OnWritable()
        {
        }

        public void OnBroken(int errno) => _transport.Close();
    }
}
