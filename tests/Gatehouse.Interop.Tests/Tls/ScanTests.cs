using System.Text.Json;

namespace Gatehouse.Interop.Tests.Tls;

/// <summary>What scanners say of the defaults, and what an idle connection costs.</summary>
public sealed class ScanTests
{
    private const string Site = """
        sites:
          - hosts: [a.test]
            tls: {cert: a.test.pem, key: a.test.key}
            routes: [{match: /*, respond: {status: 200, body: a}}]
        """;

    [Fact]
    public void Sslscan_finds_nothing_old_or_weak()
    {
        using var served = TlsServed.Start(Site);
        var report = PeerProcess.Run("sslscan", ["--no-colour", "--sni-name=a.test", $"127.0.0.1:{served.TlsPort}"], TimeSpan.FromSeconds(90)).Expect().Output;
        foreach (var old in (string[])["SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1"])
            Assert.Matches($"(?m)^{old} +disabled$", report);
        Assert.Matches("(?m)^TLSv1.3 +enabled$", report);
        Assert.Contains("Session renegotiation not supported", report, StringComparison.Ordinal);
        var suites = report.Split('\n').Where(line => line.StartsWith("Preferred ", StringComparison.Ordinal) || line.StartsWith("Accepted ", StringComparison.Ordinal)).ToList();
        Assert.Equal(6, suites.Count);
        Assert.All(suites, suite => Assert.Matches("GCM|CHACHA20", suite));
        Assert.Equal(2, report.Split("not vulnerable to heartbleed").Length - 1);
    }

    [Fact]
    public void Testssl_finds_nothing_above_low()
    {
        using var served = TlsServed.Start(Site);
        var json = served.Folder["report.json"];
        var result = PeerProcess.Run(
            "testssl",
            ["-n", "none", "--quiet", "--color", "0", "--warnings", "off", "--jsonfile", json, "--ip", "127.0.0.1", "-p", "-s", "-f", "-U", $"a.test:{served.TlsPort}"],
            TimeSpan.FromMinutes(9));
        Assert.True(File.Exists(json), result.Output + result.Error);
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        var findings = report.RootElement.EnumerateArray().ToList();
        Assert.True(findings.Count > 30, $"Expected a report of more than 30 findings; found {findings.Count}: {result.Output}");
        Assert.Empty(findings.Where(static finding => finding.GetProperty("severity").GetString() is "MEDIUM" or "HIGH" or "CRITICAL" or "FATAL").Select(finding => finding.GetRawText()));
    }

    [Fact]
    public void An_idle_connection_costs_little()
    {
        const int Connections = 1000;
        using var served = TlsServed.Start("reactors: 1\n" + Site);
        using var clients = PeerProcess.Start("python3", ["-c", $$"""
            import socket, ssl, sys, time
            context = ssl.create_default_context(cafile={{Quoted(served.Folder["ca.pem"])}})
            context.set_alpn_protocols(["http/1.1"])
            def connect():
                stream = context.wrap_socket(socket.create_connection(("127.0.0.1", {{served.TlsPort}})), server_hostname="a.test")
                stream.sendall(b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
                assert stream.recv(4096).startswith(b"HTTP/1.1 200")
                return stream
            kept = [connect() for _ in range(200)]
            print("warm", flush=True)
            time.sleep(2)
            kept += [connect() for _ in range({{Connections}})]
            print("full", flush=True)
            time.sleep(60)
            """]);
        clients.WaitForOutput("warm", Served.Patience);
        Thread.Sleep(500);
        var before = Resident(served.Process.Id);
        clients.WaitForOutput("full", TimeSpan.FromSeconds(60));
        Thread.Sleep(500);
        var each = (Resident(served.Process.Id) - before) / Connections;
        TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes");

        // Of these libssl 3.0's own 33 objects take 13.7 KB, as in every program that uses it: the SSL 7.4, two cipher contexts 2.4, the session 1, and so on.
        // None of them can be let go before the connection ends.
        Assert.True(each <= 17 * 1024, $"Expected at most 17 KB for an idle connection; found {each} bytes.");
    }

    private static string Quoted(string path) => $"'{path}'";

    private static long Resident(int process) =>
        1024L * long.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture);
}
