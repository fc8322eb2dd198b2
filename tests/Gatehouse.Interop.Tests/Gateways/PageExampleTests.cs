namespace Gatehouse.Interop.Tests.Gateways;

/// <summary>examples/cgi and examples/php as they stand: the same page from Python, Perl, shell and PHP.</summary>
public sealed class PageExampleTests
{
    [Theory]
    [InlineData("page.py")]
    [InlineData("page.pl")]
    [InlineData("page.sh")]
    public void As_a_CGI_script(string script)
    {
        PeerProcess.Require("perl");
        var port = FreePort.Tcp();
        using var process = Serve(port, "cgi");
        AssertPage(port, $"/cgi-bin/{script}");
    }

    [Fact]
    public void In_PHP()
    {
        using var fpm = new PhpFpm(children: 1);
        var port = FreePort.Tcp();
        using var process = Serve(port, "php", ("PHP_SOCKET", fpm.Socket));
        AssertPage(port, "/page.php");
    }

    private static GatehouseProcess Serve(int port, string example, params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string?> { ["PORT"] = $"{port}" };
        foreach (var (name, value) in more) environment[name] = value;
        return GatehouseProcess.Serve(port, [Path.Combine(Repository.Root, "examples", example, "gatehouse.yaml")], environment: environment);
    }

    private static void AssertPage(int port, string script)
    {
        using var client = RawClient.Connect(port, timeout: Served.Patience);
        var body = "a < b & c";
        client.Send(Served.Head("POST", $"{script}/some%20path?q=%26&x", $"Content-Length: {body.Length}", "Content-Type: text/plain") + body);
        var answer = client.ReadResponse();
        Assert.Equal((200, "text/html; charset=utf-8"), (answer.Status, answer["Content-Type"]?.Replace("UTF", "utf", StringComparison.Ordinal).Replace(";charset", "; charset", StringComparison.Ordinal)));
        Assert.Equal($"""
            <!doctype html>
            <title>Welcome to the machine</title>
            <h1>Welcome to the machine</h1>
            <dl>
            <dt>REQUEST_METHOD<dd>POST
            <dt>SCRIPT_NAME<dd>{script}
            <dt>PATH_INFO<dd>/some path
            <dt>QUERY_STRING<dd>q=%26&amp;x
            <dt>REMOTE_ADDR<dd>127.0.0.1
            </dl>
            <pre>a &lt; b &amp; c</pre>

            """, answer.Text);
    }
}
