namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>Programs that speak HTTP themselves.</summary>
public sealed class RunTests
{
    private const string Program = """
        import http.server, os, socketserver, sys

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_GET(self):
                if self.path == '/exit':
                    os._exit(5)
                body = f"{os.getpid()} {os.environ.get('PORT')} {self.path} {self.headers.get('X-Forwarded-Prefix')}".encode()
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def address_string(self):
                return 'client'

        class Unix(socketserver.ThreadingUnixStreamServer):
            pass

        where = sys.argv[1]
        print('starting at', where, flush=True)
        if where.startswith('/'):
            Unix(where, Handler).serve_forever()
        else:
            http.server.ThreadingHTTPServer(('127.0.0.1', int(where)), Handler).serve_forever()
        """;

    [Fact]
    public void A_program_gets_a_port_and_is_forwarded_to()
    {
        using var served = Start("['python3', 'program.py', '{port}']", "strip: /run", "/run/*");
        var answer = served.Get("/run/a?b");
        Assert.Equal(200, answer.Status);
        Assert.EndsWith(" /a?b /run", answer.Text, StringComparison.Ordinal);
        Assert.NotEqual("None", answer.Text.Split(' ')[1]);
        Assert.Contains("starting at", served.Process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_may_listen_on_a_unix_socket()
    {
        using var served = Start("['python3', 'program.py', '{socket}']");
        Assert.Contains(" /x ", served.Get("/x").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_ends_is_started_again()
    {
        using var served = Start("['python3', 'program.py', '{port}']");
        var before = served.Get("/").Text;
        Assert.Equal(502, served.Get("/exit").Status);
        Served.Eventually(() => served.Get("/") is { Status: 200 } answer && answer.Text != before, "another process");
        Served.Eventually(() => served.Process.Error.Contains("ended with exit code 5", StringComparison.Ordinal), "the end in the log");
    }

    [Fact]
    public void Several_instances_are_balanced_and_restarted_one_by_one()
    {
        using var served = Start("['python3', 'program.py', '{port}']", "instances: 2");
        Assert.Equal(200, served.Get("/").Status);
        Served.Eventually(() => Pids(served).Count == 2, "both instances answer");
        var before = Pids(served);
        served.Process.Signal(PosixSignal.Hup);
        Served.Eventually(() => Pids(served) is { Count: 2 } now && !now.Overlaps(before), "both were replaced");
    }

    [Fact]
    public void A_program_that_is_not_there_is_503_and_named()
    {
        using var served = Start("['no-such-program']");
        Assert.Equal(503, served.Get("/").Status);
        Assert.Contains("there is no program 'no-such-program'", served.Process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_outlives_the_server()
    {
        using var served = Start("['python3', 'program.py', '{port}']");
        var process = int.Parse(served.Get("/").Text.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        Signals.Send(served.Process.Id, PosixSignal.Kill);
        Served.Eventually(() => !File.Exists($"/proc/{process}/stat") || File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal), "it ended too");
    }

    private static HashSet<string> Pids(Served served) =>
        [.. Enumerable.Range(0, 8).Select(_ => served.Get("/")).Where(answer => answer.Status == 200).Select(answer => answer.Text.Split(' ')[0])];

    private static Served Start(string command, string settings = "", string match = "/*") => Served.Start(
        $$$"""
        reactors: 1
        sites:
          - routes:
              - {match: "{{{match}}}", run: {command: {{{command}}}{{{(settings.Length == 0 ? "" : ", " + settings)}}}}}
        """,
        folder => folder.Write("program.py", Program));
}
