using System.Buffers.Text;
using System.Text;

namespace Gatehouse.Interop.Tests.Names;

/// <summary>DNSCrypt both ways: a client of its own makes sure of the server, dnsdist's server of the client, and each of the other.</summary>
public sealed class DnsCryptTests
{
    private const string Provider = "2.dnscrypt-cert.test.example";

    [Theory]
    [InlineData("udp", 1)]
    [InlineData("udp", 2)]
    [InlineData("tcp", 1)]
    [InlineData("tcp", 2)]
    public void Other_peoples_cryptography_opens_the_answers(string transport, int construction)
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.7"));
        using var served = Serve(upstream);
        var key = Convert.ToHexStringLower(KeyOf(Stamp(served)));
        var script = Path.Combine(AppContext.BaseDirectory, "Names/dnscrypt_client.py");
        var result = PeerProcess.Run("/usr/bin/python3", [script, transport, $"{served.Port}", Provider, key, $"{construction}", "box.test"]);
        Assert.Equal("192.0.2.7\n", result.Expect().Output);
    }

    [Fact]
    public void Keys_survive_a_restart_and_the_stamp_is_the_same()
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.7"));
        using var served = Serve(upstream);
        var stamp = Stamp(served);
        served.Process.Stop();
        using var again = GatehouseProcess.Run(["serve", "--help"]).Expect().Output.Length > 0
            ? PeerProcess.Start(GatehouseProcess.Program, ["serve", "--state", served.Process.State, served.Folder["gatehouse.yaml"]])
            : null;
        again!.WaitForOutput(stamp);
    }

    [Fact]
    public void A_forwarder_asks_another_and_opens_its_boxes()
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.8"));
        using var server = Serve(upstream);
        using var client = NameServed.Start($"dns: {{listen: [\"127.0.0.1:$PORT\"], upstream: [\"{Stamp(server)}\"]}}");
        Assert.Equal("192.0.2.8", client.Dig("through.boxes.test"));
    }

    [Fact]
    public void A_relay_passes_boxes_on()
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.9"));
        using var server = Serve(upstream);
        using var relay = new StubRelay();
        using var client = NameServed.Start($"dns: {{listen: [\"127.0.0.1:$PORT\"], upstream: [\"{Stamp(server)}#relay=127.0.0.1:{relay.Port}\"]}}");
        Assert.Equal("192.0.2.9", client.Dig("through.a.relay.test"));
        Assert.True(relay.Relayed >= 2, "the certificates and the query go through the relay");
    }

    [Fact]
    public void Dnsdist_is_asked_over_DNSCrypt_TLS_and_HTTPS()
    {
        using var upstream = new StubNameServer(static query => StubNameServer.Address(query, "192.0.2.53"));
        using var peer = Dnsdist.Start(upstream.Port);
        foreach (var address in new[] { peer.Stamp, $"tls://127.0.0.1:{peer.TlsPort}#name=a.test", $"https://a.test:{peer.HttpsPort}/dns-query#address=127.0.0.1" })
        {
            using var served = NameServed.Start(
                $"dns: {{listen: [\"127.0.0.1:$PORT\"], upstream: [\"{address}\"]}}", served => File.Copy(peer.Folder["ca.pem"], served.Folder["ca.pem"], overwrite: true));
            Assert.Equal("192.0.2.53", served.Dig("dist.test"));
        }
    }

    internal static string StampOf(int port, byte[] key, string provider)
    {
        byte[] Part(byte[] bytes) => [(byte)bytes.Length, .. bytes];
        return "sdns://" + Base64Url.EncodeToString(
            [1, .. new byte[8], .. Part(Encoding.ASCII.GetBytes($"127.0.0.1:{port}")), .. Part(key), .. Part(Encoding.ASCII.GetBytes(provider))]);
    }

    private static NameServed Serve(StubNameServer upstream) => NameServed.Start(
        $"dns: {{listen: [\"dnscrypt://127.0.0.1:$PORT\"], upstream: [\"127.0.0.1:{upstream.Port}\"], dnscrypt: {{provider: {Provider}}}}}");

    private static string Stamp(NameServed served)
    {
        served.Process.WaitForOutput("sdns://");
        var text = served.Process.Output + served.Process.Error;
        var start = text.IndexOf("sdns://", StringComparison.Ordinal);
        return text[start..text.IndexOf('\n', start)].Trim();
    }

    private static byte[] KeyOf(string stamp)
    {
        var bytes = Base64Url.DecodeFromChars(stamp.AsSpan("sdns://".Length));
        return bytes[(9 + 1 + bytes[9] + 1)..(9 + 1 + bytes[9] + 1 + 32)];
    }
}
