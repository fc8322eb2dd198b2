using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Http.Server.Tests.Support;

/// <summary>The transports that the functional tests run over. "memory/N" gives and takes at most N bytes at a time.</summary>
public static class Wires
{
    /// <summary>Every one.</summary>
    public static TheoryData<string> All => ["tcp", "unix", "memory", "memory/7", "memory/1"];

    /// <summary>Those that carry megabytes in no time.</summary>
    public static TheoryData<string> Fast => ["tcp", "unix", "memory"];

    /// <summary>Those that can be reset.</summary>
    public static TheoryData<string> Resettable => ["tcp", "memory"];

    /// <summary>The kind of transport that has this endpoint on its own side.</summary>
    public static string KindOf(Endpoint local) => local == default ? "memory" : local.IsUnix ? "unix" : "tcp";
}
