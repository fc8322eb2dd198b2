using Gatehouse.Testing;

namespace Gatehouse.Host.Tests;

public sealed class FolderPlanTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("it's: a \"folder\", [with] {all} #sorts & of *chars")]
    [InlineData("${HOME} and $${x}")]
    [InlineData("über\u00a0straße")]
    public void A_folder_of_any_name_is_served(string name)
    {
        using var parent = new TempFolder();
        parent.Write($"{name}/a.txt", "found");
        var port = FreePort.Tcp();
        using var server = GatehouseProcess.Serve(port, [parent[name], "--listen", $"127.0.0.1:{port}"]);
        Assert.Equal("found", Running.Get("/a.txt", port).Text);
    }

    [Fact]
    public void What_is_found_decides_how_it_is_served()
    {
        using var folder = new TempFolder();
        var bare = FolderPlan.For(folder.Path, ["127.0.0.1:1", ":2"]);
        Assert.Equal(["no index.html: the folder is served with a listing of its files"], bare.Findings);
        Assert.Contains("browse: on", bare.Yaml, StringComparison.Ordinal);
        Assert.StartsWith("listen: ['127.0.0.1:1', ':2']\n", bare.Yaml, StringComparison.Ordinal);
        folder.Write("index.html", "");
        var site = FolderPlan.For(folder.Path, []);
        Assert.Equal(["index.html: the folder is served as a web site"], site.Findings);
        Assert.Contains("browse: off", site.Yaml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wsgi.py", "application = make()\n", "wsgi: {app: 'wsgi:application'")]
    [InlineData("wsgi.py", "def application(environ, start_response):\n    pass\n", "wsgi: {app: 'wsgi:application'")]
    [InlineData("app.py", "from flask import Flask\napp = Flask(__name__)\n", "wsgi: {app: 'app:app'")]
    [InlineData("app.py", "from fastapi import FastAPI\napp = FastAPI()\n", "asgi: {app: 'app:app'")]
    [InlineData("main.py", "async def app(scope, receive, send):\n    pass\n", "asgi: {app: 'main:app'")]
    [InlineData("asgi.py", "application = get_asgi_application()\n", "asgi: {app: 'asgi:application'")]
    public void A_python_application_is_found(string file, string text, string expected)
    {
        using var folder = new TempFolder();
        folder.Write(file, text);
        var plan = FolderPlan.For(folder.Path, []);
        Assert.Contains(expected, plan.Yaml, StringComparison.Ordinal);
        Assert.StartsWith(file, plan.Findings[0], StringComparison.Ordinal);
        Assert.DoesNotContain("files:", plan.Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Django_is_found_by_its_manage_py_and_a_virtual_environment_runs_it()
    {
        using var folder = new TempFolder();
        folder.Write("manage.py", "");
        folder.Write("shop/wsgi.py", "application = get_wsgi_application()\n");
        folder.Write(".venv/bin/python", "");
        var plan = FolderPlan.For(folder.Path, []);
        Assert.Contains("wsgi: {app: 'shop.wsgi:application'", plan.Yaml, StringComparison.Ordinal);
        Assert.Contains(folder[".venv"], plan.Yaml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app.py", "print('no application here')\n")]
    [InlineData("app.py", "    app = indented\n")]
    public void What_only_looks_like_an_application_is_none(string file, string text)
    {
        using var folder = new TempFolder();
        folder.Write(file, text);
        Assert.Contains("files:", FolderPlan.For(folder.Path, []).Yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Scripts_are_run_and_not_shown()
    {
        using var folder = new TempFolder();
        folder.Write("cgi-bin/a.sh", "");
        folder.Write("index.php", "");
        var plan = FolderPlan.For(folder.Path, []);
        Assert.Contains("match: /cgi-bin/*, cgi:", plan.Yaml, StringComparison.Ordinal);
        Assert.Matches("match: \"\\*.php\", (fastcgi|respond):", plan.Yaml);
    }

    [Fact]
    public void A_folder_with_an_application_is_served_by_it()
    {
        using var folder = new TempFolder();
        folder.Write("app.py", "def app(environ, start_response):\n    start_response('200 OK', [])\n    return [b'found it']\n");
        var port = FreePort.Tcp();
        using var server = GatehouseProcess.Serve(port, [folder.Path, "--listen", $"127.0.0.1:{port}"]);
        Assert.Equal("found it", Running.Get("/", port).Text);
        Assert.Contains("app.py: app:app is run as a WSGI application", server.Output, StringComparison.Ordinal);
    }
}
