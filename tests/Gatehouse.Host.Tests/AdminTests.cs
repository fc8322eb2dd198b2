using System.Text;
using Gatehouse.Testing;

namespace Gatehouse.Host.Tests;

public sealed class AdminTests
{
    [Fact]
    public void Metrics_and_status_are_served_at_the_admin_address()
    {
        var admin = FreePort.Tcp();
        using var running = new Running($"admin: \"127.0.0.1:{admin}\"\n{Running.Fixed("hi")}");
        Assert.Equal(200, running.Get("/hello").Status);
        using var scrape = RawClient.Connect(admin, timeout: Running.Patience);
        scrape.Send("GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n");
        var metrics = scrape.ReadResponse();
        Assert.Equal(200, metrics.Status);
        var text = Encoding.UTF8.GetString(metrics.Body);
        Assert.Contains("gatehouse_requests_total{site=\"*\",code=\"2xx\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("gatehouse_config_changes_total 1\n", text, StringComparison.Ordinal);
        Assert.Contains("gatehouse_reactor_held_total{reactor=\"0\"} ", text, StringComparison.Ordinal);
        scrape.Send("GET /status HTTP/1.1\r\nHost: test\r\n\r\n");
        Assert.Contains("\"generation\": 1", Encoding.UTF8.GetString(scrape.ReadResponse().Body), StringComparison.Ordinal);
    }
}
