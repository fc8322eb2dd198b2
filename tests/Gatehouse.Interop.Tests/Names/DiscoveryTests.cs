namespace Gatehouse.Interop.Tests.Names;

/// <summary>Targets by their names: they follow what the names stand for, without a restart.</summary>
public sealed class DiscoveryTests
{
    [Fact]
    public void A_target_follows_the_addresses_of_its_name_and_keeps_the_last_that_it_knows()
    {
        using var one = Python("one", out var port, "127.0.0.11");
        using var two = Python("two", out _, "127.0.0.12", port);
        var (address, isDead) = (new byte[] { 127, 0, 0, 11 }, false);
        using var names = new StubNameServer(query =>
            Volatile.Read(ref isDead) ? [] : [query.Type == 1 && query.Name == "app.internal." ? query.Answer(1, Volatile.Read(ref address)) : query.Answer(1)]);
        using var served = Served.Start($"resolver: \"127.0.0.1:{names.Port}\"\n" + Served.Proxy($"\"app.internal:{port}\""));
        Served.Eventually(() => served.Get("/").Text.EndsWith("one", StringComparison.Ordinal), "the name is found");
        Volatile.Write(ref address, [127, 0, 0, 12]);
        Served.Eventually(() => served.Get("/").Text.EndsWith("two", StringComparison.Ordinal), "the new address is used");
        Volatile.Write(ref isDead, true);
        Thread.Sleep(3000);
        Assert.EndsWith("two", served.Get("/").Text, StringComparison.Ordinal);
        Volatile.Write(ref address, [127, 0, 0, 11]);
        Volatile.Write(ref isDead, false);
        Served.Eventually(() => served.Get("/").Text.EndsWith("one", StringComparison.Ordinal), "the server is asked again");
    }

    [Fact]
    public void A_service_has_its_hosts_and_ports_from_SRV_records()
    {
        using var one = Python("one", out var port, "127.0.0.13");
        using var two = Python("two", out var other, "127.0.0.13");
        using var names = new StubNameServer(query => query.Type switch
        {
            33 when query.Name == "_http._tcp.app.internal." => [query.Answer(1, Srv(10, (ushort)port), Srv(10, (ushort)other), Srv(20, 1))],
            1 => [query.Answer(1, [127, 0, 0, 13])],
            _ => [query.Answer(1)],
        });
        using var served = Served.Start($"resolver: \"127.0.0.1:{names.Port}\"\n" + Served.Proxy("\"srv://_http._tcp.app.internal\""));
        var seen = new HashSet<string>();
        Served.Eventually(
            () =>
            {
                var text = served.Get("/").Text;
                seen.Add(text[^3..]);
                return seen.Contains("one") && seen.Contains("two");
            },
            "both hosts of the lowest priority answer");
    }

    private static byte[] Srv(ushort priority, ushort port) =>
        [(byte)(priority >> 8), (byte)priority, 0, 5, (byte)(port >> 8), (byte)port, .. StubQuery.Wire("host.internal")];

    private static PeerProcess Python(string answer, out int port, string address, int? wanted = null)
    {
        port = wanted ?? FreePort.Tcp();
        const string program = """
            import http.server, sys
            class Handler(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    body = sys.argv[3].encode()
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                def log_message(self, *args):
                    pass
            server = http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Handler)
            print("ready", flush=True)
            server.serve_forever()
            """;
        var process = PeerProcess.Start("python3", ["-c", program, address, $"{port}", answer]);
        process.WaitForOutput("ready");
        return process;
    }
}
