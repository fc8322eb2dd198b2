using Gatehouse.Http.Client;
using Gatehouse.Protocols.Addresses;
using Gatehouse.Upstreams.Targets;

namespace Gatehouse.Upstreams.Tests.Support;

/// <summary>Short forms for targets.</summary>
internal static class Make
{
    /// <summary>Targets a, b, c and so on with these weights, which nobody connects to.</summary>
    public static Target[] Targets(params int[] weights) =>
    [
        .. weights.Select((weight, i) =>
            new Target($"{(char)('a' + i)}", new Endpoint(IpAddress.FromV4(0x7F000001), (ushort)(i + 1)), weight, ClientTimeouts.Default, 1)),
    ];

    /// <summary>A bit for each target.</summary>
    public static ulong All(Target[] targets) => ulong.MaxValue >> (64 - targets.Length);
}
