using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Config.Tests;

/// <content>Their settings.</content>
internal static partial class Fakes
{
    public sealed record RespondConfig
    {
        [Setting("Status code")]
        [Bounds(200, 599)]
        public int Status { get; init; } = 200;

        [Setting("The body")]
        [Shorthand]
        public string Body { get; init; } = "";
    }

    public sealed record FilesConfig
    {
        [Setting("Folder of the files")]
        [Shorthand]
        public required FilePath Root { get; init; }

        [Setting("Prefix to remove from the path")]
        public string? Strip { get; init; }

        [Setting("Whether folders are listed")]
        public bool Browse { get; init; }
    }

    public sealed record ProxyConfig : ICheckedSettings
    {
        [Setting("The upstreams")]
        [Shorthand]
        public required IReadOnlyList<TargetConfig> To { get; init; }

        [Setting("How one is chosen")]
        [Words("round-robin", "least-requests", "least-connections", "random")]
        public string Balance { get; init; } = "round-robin";

        [Setting("Prefix to remove from the path")]
        public string? Strip { get; init; }

        [Setting("Cookie that keeps a client at its upstream")]
        public StickyConfig? Sticky { get; init; }

        [Setting("Health checks")]
        public HealthConfig? Health { get; init; }

        [Setting("Retries")]
        public RetryConfig Retry { get; init; } = new();

        public void Check(IFaultSink faults)
        {
            if (Retry.Tries > To.Count)
                faults.Report("retry.tries", $"found {Retry.Tries}, expected at most the number of upstreams");
        }
    }

    public sealed record TargetConfig
    {
        [Setting("Its address")]
        [Shorthand]
        public required Endpoint Address { get; init; }

        [Setting("Its share")]
        [Bounds(1, 1000)]
        public int Weight { get; init; } = 1;
    }

    public sealed record StickyConfig
    {
        [Setting("Name of the cookie")]
        public required string Cookie { get; init; }
    }

    public sealed record HealthConfig
    {
        [Setting("Path to ask for")]
        public string Path { get; init; } = "/";

        [Setting("Time between two checks")]
        [Bounds("10ms", "1h")]
        public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);

        [Setting("Time for one check")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

        [Setting("Good checks until it is up")]
        public int Rise { get; init; } = 1;

        [Setting("Bad checks until it is down")]
        public int Fall { get; init; } = 3;
    }

    public sealed record RetryConfig
    {
        [Setting("Tries in all")]
        public int Tries { get; init; } = 1;

        [Setting("What is retried")]
        [Words("connect", "timeout", "502", "503")]
        public IReadOnlyList<string> On { get; init; } = ["connect"];
    }

    public sealed record RedirectConfig
    {
        [Setting("Where to")]
        [Shorthand]
        public required string To { get; init; }

        [Setting("Status code")]
        [Bounds(300, 399)]
        public int Status { get; init; } = 302;
    }

    public sealed record GatewayConfig
    {
        [Setting("Its address")]
        [Shorthand]
        public required IReadOnlyList<Endpoint> To { get; init; }

        [Setting("Folder of the scripts")]
        public FilePath? Root { get; init; }

        [Setting("Prefix to remove from the path")]
        public string? Strip { get; init; }
    }

    public sealed record CgiConfig
    {
        [Setting("Folder of the programs")]
        [Shorthand]
        public required FilePath Root { get; init; }
    }

    public sealed record PythonConfig
    {
        [Setting("Module and name")]
        [Shorthand]
        public required string App { get; init; }

        [Setting("Folder of the modules")]
        public FilePath? Path { get; init; }

        [Setting("Worker processes")]
        [Bounds(1, 256)]
        public int Workers { get; init; } = 1;

        [Setting("The interpreter")]
        public string Python { get; init; } = "python3";

        [Setting("Prefix to remove from the path")]
        public string? Strip { get; init; }
    }

    public sealed record RunConfig
    {
        [Setting("The program and its arguments")]
        public required IReadOnlyList<string> Command { get; init; }

        [Setting("Folder to run in")]
        public FilePath? Path { get; init; }

        [Setting("Prefix to remove from the path")]
        public string? Strip { get; init; }
    }

    public sealed record SwitchConfig
    {
        [Setting("Whether it is on")]
        [Shorthand]
        public bool Enabled { get; init; } = true;
    }

    public sealed record LimitsConfig
    {
        [Setting("Size of a request's body")]
        [Bounds("0", "10GB")]
        public ByteSize Body { get; init; } = ByteSize.MB(1);

        [Setting("Requests in a time")]
        public Rate? Rate { get; init; }
    }

    public sealed record CacheConfig
    {
        [Setting("Size in memory")]
        public ByteSize Memory { get; init; } = ByteSize.MB(16);

        [Setting("Disk")]
        public DiskConfig? Disk { get; init; }
    }

    public sealed record DiskConfig
    {
        [Setting("Folder")]
        public required FilePath Path { get; init; }

        [Setting("Size")]
        public ByteSize Size { get; init; } = ByteSize.GB(1);
    }

    public sealed record AuthConfig
    {
        [Setting("Password", IsSecret = true)]
        [Words("correct horse", "battery staple")]
        public required string Password { get; init; }

        [Setting("A number that nobody may see", IsSecret = true)]
        [Bounds(1, 10)]
        public int Pin { get; init; } = 1;

        [Setting("Share of the requests", Key = "sample-ratio")]
        [Bounds("0", "1")]
        public double Sample { get; init; } = 0.5;

        [Setting("Flavour")]
        public Flavour Flavour { get; init; }
    }

    public enum Flavour
    {
        PlainVanilla,
        DarkChocolate,
    }

    public sealed record NothingConfig;

    public sealed record DnsConfig
    {
        [Setting("Where to listen")]
        public IReadOnlyList<string> Listen { get; init; } = [];

        [Setting("Whom to ask")]
        public IReadOnlyList<string> Upstream { get; init; } = [];

        [Setting("The cache")]
        public DnsCacheConfig Cache { get; init; } = new();

        [Setting("Names answered here")]
        public IReadOnlyDictionary<string, IReadOnlyList<IpAddress>> Local { get; init; } = new Dictionary<string, IReadOnlyList<IpAddress>>();

        [Setting("Names refused")]
        public BlockConfig? Block { get; init; }
    }

    public sealed record DnsCacheConfig
    {
        [Setting("Names held")]
        public int Names { get; init; } = 10_000;
    }

    public sealed record BlockConfig
    {
        [Setting("Domains refused with all below")]
        public IReadOnlyList<string> Domains { get; init; } = [];
    }

    public sealed record StreamConfig : ICheckedSettings
    {
        [Setting("Where to listen")]
        public required string Listen { get; init; }

        [Setting("TCP upstreams")]
        public PoolConfig? Tcp { get; init; }

        [Setting("UDP upstreams")]
        public PoolConfig? Udp { get; init; }

        [Setting("Upstreams by the name in the TLS hello")]
        public IReadOnlyDictionary<string, SniConfig>? Sni { get; init; }

        public void Check(IFaultSink faults)
        {
            if (Tcp is null && Udp is null && Sni is null)
                faults.Report("", "found no upstreams, expected one of tcp, udp, sni");
        }
    }

    public sealed record SniConfig
    {
        [Setting("TCP upstreams")]
        public required PoolConfig Tcp { get; init; }
    }

    public sealed record PoolConfig
    {
        [Setting("The upstreams")]
        public required IReadOnlyList<TargetConfig> To { get; init; }

        [Setting("How one is chosen")]
        public string Balance { get; init; } = "round-robin";
    }
}
