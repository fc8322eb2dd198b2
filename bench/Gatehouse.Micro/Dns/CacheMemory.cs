using System.Globalization;
using Gatehouse.Dns.Cache;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Micro.Dns;

/// <summary>Resident memory of a cache with so many names, each with one address; and whether all are there at a second pass.</summary>
internal static class CacheMemory
{
    internal static int Run(int names)
    {
        var before = Resident();
        var cache = new AnswerCache(CacheOptions.Default with { Names = names });
        var message = new byte[512];
        for (var i = 0; i < names; i++)
        {
            var name = Name(i);
            var writer = new DnsMessageWriter(message, new DnsHeader(1, DnsFlags.Response));
            writer.TryWriteQuestion(name.Wire, DnsType.A);
            writer.TryWriteRecord(DnsSection.Answer, name.Wire, DnsType.A, DnsClass.IN, 86_400, [10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]);
            cache.Add(new CacheQuestion(name.Wire, DnsType.A), message.AsSpan(0, writer.Finish()), AnswerCache.Now);
        }
        var hits = 0;
        for (var i = 0; i < names; i++)
            hits += cache.Find(new CacheQuestion(Name(i).Wire, DnsType.A), AnswerCache.Now, message).IsFresh ? 1 : 0;
        GC.Collect();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{names} names: {hits} hits, {cache.Bytes / 1048576.0:0.0} MB in the cache, {(Resident() - before) / 1048576.0:0.0} MB more resident"));
        return hits == names ? 0 : 1;
    }

    private static DnsName Name(int number) => DnsName.Parse(string.Create(CultureInfo.InvariantCulture, $"host{number:0000000}.example.com"));

    private static long Resident()
    {
        var line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6, line.Length - 8), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
    }
}
