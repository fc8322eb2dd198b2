namespace Gatehouse.Interop.Tests.Certificates;

/// <summary>`tls: auto` on local names: the authority of this machine.</summary>
public sealed class LocalAuthorityTests
{
    private const string Sites = """
        sites:
          - {hosts: [b.test, "*.w.test", 127.0.0.1], tls: auto, routes: [{match: /*, respond: b}]}
          - routes: [{match: /*, respond: other}]
        """;

    [Fact]
    public void Local_names_have_a_certificate_at_once()
    {
        using var server = new Automatic(Sites);
        Assert.Equal("b", server.Get("b.test", server.Root).Expect().Output);
        Assert.Equal("b", server.Get("a.w.test", server.Root).Expect().Output);
        Assert.Equal("b", server.Get("127.0.0.1", server.Root).Expect().Output);
        // Names that no site lists: made on the spot when they are local.
        Assert.Equal("other", server.Get("localhost", server.Root).Expect().Output);
        Assert.Equal("other", server.Get("any.localhost", server.Root).Expect().Output);
        Assert.NotEqual(0, server.Get("shop.example.com", server.Root).ExitCode);
        Assert.Contains("the local authority", server.Status("b.test").GetProperty("issuer").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Strict-Transport", server.Get("b.test", server.Root, "-i").Expect().Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_certificate_outlives_reload_and_restart()
    {
        using var server = new Automatic(Sites);
        var before = Serial(server, "b.test");
        server.Rewrite(Sites.Replace("respond: b", "respond: c", StringComparison.Ordinal) + "\n  - {hosts: [new.test], routes: [{match: /*, respond: new}]}");
        server.Process.Control("reload").Expect();
        Assert.Equal("c", server.Get("b.test", server.Root).Expect().Output);
        Assert.Equal("new", server.Get("new.test", server.Root).Expect().Output);
        Assert.Equal(before, Serial(server, "b.test"));
        Assert.True(File.Exists(server.Root));
        server.Process.Stop();
        using var again = PeerProcess.Start(GatehouseProcess.Program, ["serve", "--state", server.Process.State, server.Folder["gatehouse.yaml"]]);
        again.WaitForPort(server.TlsPort);
        Assert.Equal(before, Serial(server, "b.test"));
    }

    [Fact]
    public void The_commands_tell_why_a_client_refuses_and_what_to_do()
    {
        using var server = new Automatic(Sites);
        var verified = GatehouseProcess.Run(["cert", "verify", $"127.0.0.1:{server.TlsPort}", "--name", "b.test", "--state", server.Process.State]).Expect(1);
        Assert.Contains("run: gatehouse ca install", verified.Output, StringComparison.Ordinal);
        GatehouseProcess.Run(["cert", "verify", $"127.0.0.1:{server.TlsPort}", "--name", "b.test", "--ca", server.Root]).Expect();
    }

    private static string Serial(Automatic server, string name) => PeerProcess.Run("sh",
        ["-c", $"openssl s_client -connect 127.0.0.1:{server.TlsPort} -servername {name} </dev/null 2>/dev/null | openssl x509 -noout -serial"]).Expect().Output;
}
