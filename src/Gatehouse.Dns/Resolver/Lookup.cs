using Gatehouse.Dns.Servers;
using Gatehouse.Dns.Validation;

namespace Gatehouse.Dns.Resolver;

/// <summary>The answer to one question.</summary>
/// <param name="Message">The message.</param>
/// <param name="Source">Who answered.</param>
public sealed record Lookup(ReadOnlyMemory<byte> Message, LookupSource Source)
{
    /// <summary>What the server answered, and how; null when it was not a server.</summary>
    public ServerReply? Reply { get; init; }

    /// <summary>What checking its signatures gave; null when they were not checked.</summary>
    public ValidationResult? Validation { get; init; }
}
