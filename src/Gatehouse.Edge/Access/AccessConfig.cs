using Gatehouse.Http.Settings;
using Gatehouse.Protocols.Addresses;

namespace Gatehouse.Edge.Access;

/// <summary>Which clients may ask: the longest prefix that holds a client's address decides.</summary>
public sealed record AccessConfig : ICheckedSettings
{
    /// <summary>Whom to let in.</summary>
    [Setting("Address prefixes of clients to let in; whoever is in no prefix is then refused")]
    public IReadOnlyList<IpPrefix> Allow { get; init; } = [];

    /// <summary>Whom to refuse.</summary>
    [Setting("Address prefixes of clients to refuse")]
    public IReadOnlyList<IpPrefix> Deny { get; init; } = [];

    /// <inheritdoc/>
    public void Check(IFaultSink faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        if (Allow.Count + Deny.Count == 0)
            faults.Report("", "found neither 'allow' nor 'deny', expected at least one of them");
        for (var i = 0; i < Deny.Count; i++)
        {
            if (Allow.Contains(Deny[i]))
                faults.Report($"deny.{i}", $"found {Deny[i]} under both 'allow' and 'deny', expected it under one");
        }
    }
}
