using Gatehouse.Bench.Names;
using Gatehouse.Bench.Rows;

namespace Gatehouse.Bench.Parts;

/// <summary>The name server that forwards: cached answers and the memory of the cache, against dnsdist and unbound.</summary>
internal sealed class NamesPart : IPart
{
    public string Name => "dns";

    public IReadOnlyList<(string, string)> Versioned => [("dnsdist", "--version"), ("unbound", "-V")];

    public IReadOnlyList<string> Method =>
    [
        $"{DnsPerf.CommonSettings}; 10,000 names, all cached; any other answer than NOERROR fails the row, and so does a loss of more than one query in a thousand",
        "p50 is the mean and p99 the slowest answer, which is what dnsperf tells",
        "all forward to one unbound on the load's core, which has an address for every name",
    ];

    public IReadOnlyList<IRow> Rows =>
    [
        new NameRow("cached-udp", "cached answers over UDP", 0.90, NameWay.Udp, NameServerProgram.Dnsdist(1), NameServerProgram.Unbound()),
        new NameRow("cached-udp-batched", "cached answers over UDP, dnsdist with a receive vector", 0.90, NameWay.Udp, NameServerProgram.Dnsdist(32)),
        new NameRow("cached-dot", "cached answers over TLS, kept connections", 0.95, NameWay.Dot, NameServerProgram.Dnsdist(1)),
        new NameRow("cached-doh", "cached answers over HTTPS, kept connections", 0.95, NameWay.Doh, NameServerProgram.Dnsdist(1)),
        new NameMemoryRow("million", "resident memory with 1,000,000 cached names", 1.00),
    ];
}
