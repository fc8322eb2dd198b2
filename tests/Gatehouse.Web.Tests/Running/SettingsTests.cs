using System.ComponentModel.DataAnnotations;
using Gatehouse.Testing;

namespace Gatehouse.Web.Tests.Running;

public sealed class SettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_later_source_wins()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "appsettings.json"), """{"Shop":{"Name":"file","Tax":0.19,"Colours":["red"]}}""");
        File.WriteAllText(Path.Combine(_folder.Path, "appsettings.Development.json"), """{"Shop":{"Name":"development"}}""");
        var production = new App("--root", _folder.Path);
        production.Configure<Shop>("Shop");
        production.Get("/", (Shop shop) => $"{shop.Name} {shop.Tax} {string.Join('+', shop.Colours)} {shop.Limit}");
        await using var client = new TestClient(production);
        Assert.Equal("file 0.19 red 10", await (await client.GetAsync("/")).TextAsync());
        var development = new App("--root", _folder.Path, "--environment", "development", "--Shop:Limit", "20");
        development.Configure<Shop>("Shop");
        development.Get("/", (Shop shop) => $"{shop.Name} {shop.Limit}");
        await using var other = new TestClient(development);
        Assert.True(development.IsDevelopment);
        Assert.False(production.IsDevelopment);
        Assert.Equal("development 20", await (await other.GetAsync("/")).TextAsync());
    }

    [Fact]
    public async Task All_faults_are_told_at_start()
    {
        var app = new App("--Shop:Tax", "2", "--Mail:Port", "many", "--Typo:Nmae", "x");
        app.Configure<Shop>("Shop").Configure<Mail>("Mail").Configure<Typo>("Typo");
        var faults = Assert.Throws<SettingsException>(() => new TestClient(app)).Message.Split('\n');
        Assert.Contains(faults, fault => fault.StartsWith("Shop:name: ", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Shop:tax: ", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Mail: ", StringComparison.Ordinal) && fault.Contains("many", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.StartsWith("Typo: ", StringComparison.Ordinal) && fault.Contains("Nmae", StringComparison.Ordinal));
        await app.DisposeAsync();
    }

    [Fact]
    public async Task An_address_that_is_none_is_refused()
    {
        await using var app = new App("--listen", "localhost:80");
        Assert.Contains("'localhost' is not an IP address", (await Assert.ThrowsAsync<SettingsException>(app.StartAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_listens_with_tls_of_the_local_authority()
    {
        await using var app = new App("--listen", "127.0.0.1:0 tls,127.0.0.1:0", "--state", _folder.Path);
        app.Get("/", (Context context) => context.IsSecure ? "secure" : "plain");
        await app.StartAsync();
        using var roots = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificateFromFile(Directory.EnumerateFiles(_folder.Path, "*.pem", SearchOption.AllDirectories).First(file => !file.Contains("key", StringComparison.Ordinal)));
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { CertificateChainPolicy = new() { TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { roots }, RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck } },
            UseProxy = false,
        });
        Assert.StartsWith("https://127.0.0.1:", app.Urls[0], StringComparison.Ordinal);
        Assert.Equal("secure", await client.GetStringAsync(app.Urls[0]));
        Assert.Equal("plain", await client.GetStringAsync(app.Urls[1]));
        await app.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(app.Urls[1]));
    }

    public sealed class Shop
    {
        [Required]
        public string Name { get; set; } = "";

        [Range(0, 1)]
        public decimal Tax { get; set; }

        public IList<string> Colours { get; } = [];

        public int Limit { get; set; } = 10;
    }

    public sealed record Mail(int Port = 25);

    public sealed class Typo
    {
        public string Name { get; set; } = "";
    }
}
