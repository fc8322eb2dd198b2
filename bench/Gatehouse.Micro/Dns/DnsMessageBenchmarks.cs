using System.Reflection;
using BenchmarkDotNet.Attributes;
using DnsClient;
using Gatehouse.Protocols.Dns;
using Gatehouse.Protocols.Dns.Messages;
using Gatehouse.Protocols.Dns.Names;

namespace Gatehouse.Micro.Dns;

/// <summary>A typical answer (an alias, two addresses, two servers) parsed with every record read, and written, beside DnsClient.NET.</summary>
[MemoryDiagnoser]
public class DnsMessageBenchmarks
{
    private static readonly byte[] Www = DnsName.Parse("www.example.com").Wire.ToArray();
    private static readonly byte[] Web = DnsName.Parse("web1.example.com").Wire.ToArray();
    private static readonly byte[] Zone = DnsName.Parse("example.com").Wire.ToArray();
    private static readonly byte[] First = DnsName.Parse("ns1.example.com").Wire.ToArray();
    private static readonly byte[] Second = DnsName.Parse("ns2.example.com").Wire.ToArray();
    private static readonly byte[] Address = [192, 0, 2, 1];
    private static readonly byte[] Other = [192, 0, 2, 2];
    private static readonly byte[] Answer = Make();
    private static readonly Func<ArraySegment<byte>, object> Peer = PeerReader();
    private readonly byte[] _buffer = new byte[512];

    /// <summary>Ours: every record, its data by its type.</summary>
    [Benchmark]
    public ulong Read()
    {
        var reader = new DnsMessageReader(Answer);
        var sum = 0UL;
        while (reader.TryReadRecord(out var record))
        {
            sum += record.TimeToLive + (ulong)record.Name.Length;
            if (record.TryGetAddress(out var address))
                sum += address.Low;
            else if (record.TryGetTarget(out var target))
                sum += (ulong)target.Length;
        }
        return sum;
    }

    /// <summary>DnsClient.NET: its message with its records.</summary>
    [Benchmark(Baseline = true)]
    public object ReadByDnsClient() => Peer(Answer);

    /// <summary>Ours: the same answer written, names compressed.</summary>
    [Benchmark]
    public int Write() => Write(_buffer);

    private static int Write(byte[] buffer)
    {
        var writer = new DnsMessageWriter(buffer, new DnsHeader(0x1234, DnsFlags.Response | DnsFlags.RecursionDesired | DnsFlags.RecursionAvailable));
        writer.TryWriteQuestion(Www, DnsType.A);
        writer.TryWriteRecord(DnsSection.Answer, Www, DnsType.CNAME, DnsClass.IN, 300, Web);
        writer.TryWriteRecord(DnsSection.Answer, Web, DnsType.A, DnsClass.IN, 3600, Address);
        writer.TryWriteRecord(DnsSection.Answer, Web, DnsType.A, DnsClass.IN, 3600, Other);
        writer.TryWriteRecord(DnsSection.Authority, Zone, DnsType.NS, DnsClass.IN, 86400, First);
        writer.TryWriteRecord(DnsSection.Authority, Zone, DnsType.NS, DnsClass.IN, 86400, Second);
        return writer.Finish();
    }

    private static byte[] Make()
    {
        var buffer = new byte[512];
        return buffer[..Write(buffer)];
    }

    // Its reader of messages is internal: found once, called directly.
    private static Func<ArraySegment<byte>, object> PeerReader()
    {
        var type = typeof(LookupClient).Assembly.GetType("DnsClient.DnsUdpMessageHandler", throwOnError: true)!;
        var handler = Activator.CreateInstance(type, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, null, null)!;
        var method = type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Single(static method => method.Name == "GetResponseMessage" && method.GetParameters() is [{ ParameterType: var only }] && only == typeof(ArraySegment<byte>));
        return method.CreateDelegate<Func<ArraySegment<byte>, object>>(handler);
    }
}
