namespace Gatehouse.Interop.Tests.Tls;

/// <summary>What outlives a process, and what a stop waits for.</summary>
public sealed class RestartTests
{
    private const string Site = """
        sites:
          - hosts: [a.test]
            tls: {cert: a.test.pem, key: a.test.key}
            routes: [{match: /*, respond: {status: 200, body: a}}]
        """;

    [Fact]
    public void A_session_is_resumed_with_the_next_process()
    {
        using var served = TlsServed.Start("reactors: 2\n" + Site);
        using var state = new TempFolder();
        using (var first = Serve(served, state, out var port))
        {
            Assert.Contains("New, TLSv1.2", Connect(served, port, "-sess_out"), StringComparison.Ordinal);
            Served.Eventually(() => File.Exists(state["state/ticket-keys"]), "the keys are kept");
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(state["state/ticket-keys"]));
            first.Signal(PosixSignal.Term);
            first.WaitForExit(Served.Patience).Expect();
        }

        // Whichever reactor a connection meets, they have the same keys.
        using var second = Serve(served, state, out var next);
        for (var i = 0; i < 6; i++)
            Assert.Contains("Reused, TLSv1.2", Connect(served, next, "-sess_in"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_handshake_under_way_is_waited_for_and_answered()
    {
        using var served = TlsServed.Start(Site);
        using var client = PeerProcess.Start("python3", ["-c", $$"""
            import os, socket, ssl, time
            context = ssl.create_default_context(cafile='{{served.Folder["ca.pem"]}}')
            received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
            tls = context.wrap_bio(received, sent, server_hostname="a.test")
            sock = socket.create_connection(("127.0.0.1", {{served.TlsPort}}), timeout=20)
            def step(what):
                while True:
                    try:
                        return what()
                    except ssl.SSLWantReadError:
                        sock.sendall(sent.read())
                        received.write(sock.recv(65536))
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                pass
            hello = sent.read()
            sock.sendall(hello[:20])
            print("half", flush=True)
            while not os.path.exists('{{served.Folder["go"]}}'):
                time.sleep(0.01)
            sock.sendall(hello[20:])
            step(tls.do_handshake)
            tls.write(b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
            sock.sendall(sent.read())
            answer = step(lambda: tls.read(4096))
            print("answered" if answer.startswith(b"HTTP/1.1 200") else answer, flush=True)
            """]);
        client.WaitForOutput("half", Served.Patience);
        served.Process.Signal(PosixSignal.Term);

        // When the port is closed the stop has begun.
        Served.Eventually(() => PeerProcess.Run("curl", ["-sS", "-o", "/dev/null", $"http://127.0.0.1:{served.Port}/"]).ExitCode == 7, "the listener is closed");
        served.Folder.Write("go", "");
        client.WaitForOutput("answered", Served.Patience);
        Assert.Equal(0, served.Process.WaitForExit(Served.Patience).ExitCode);
    }

    private static PeerProcess Serve(TlsServed served, TempFolder state, out int port)
    {
        port = FreePort.Tcp();
        var file = served.Folder.Write("other.yaml", $"listen: [\"127.0.0.1:{port} tls\"]\nreactors: 2\n{Site}\n");
        var process = PeerProcess.Start(GatehouseProcess.Program, ["serve", file, "--state", state["state"]]);
        process.WaitForPort(port);
        return process;
    }

    private static string Connect(TlsServed served, int port, string session) => PeerProcess.Run(
        "openssl",
        ["s_client", "-connect", $"127.0.0.1:{port}", "-servername", "a.test", "-tls1_2", session, served.Folder["session"]]).Output;
}
