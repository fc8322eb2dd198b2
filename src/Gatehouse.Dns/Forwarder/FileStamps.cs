using Gatehouse.Dns.Forwarder.Settings;

namespace Gatehouse.Dns.Forwarder;

/// <summary>By what it is seen that one of several files has changed: a hash of their times and lengths.</summary>
internal readonly record struct FileStamps(long Value)
{
    internal static FileStamps None => default;

    internal static FileStamps Of(DnsConfig config)
    {
        var value = 17L;
        foreach (var file in config.Hosts.Concat(config.Block.Files))
        {
            var info = new FileInfo(file.Value);
            value = (value * 31) + (info.Exists ? info.LastWriteTimeUtc.Ticks ^ (info.Length << 20) : -1);
        }

        return new FileStamps(value);
    }
}
