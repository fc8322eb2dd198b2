namespace Gatehouse.Bench.Parts;

/// <summary>The one list of parts.</summary>
internal static class PartList
{
    private static readonly IPart[] All = [new EnginePart(), new GatewaysPart(), new TlsPart(), new FrameworkPart(), new NamesPart()];

    // They join when what they measure is there.
    private static readonly string[] Awaited = ["tools", "balancer"];

    public static string Names => string.Join(", ", All.Select(part => part.Name));

    /// <summary>The part of that name.</summary>
    /// <exception cref="UsageException">There is none, or not yet.</exception>
    public static IPart Find(string name) =>
        Array.Find(All, part => part.Name == name) ?? throw new UsageException(
            Awaited.Contains(name)
                ? $"part '{name}' is not measured yet; parts that are: {Names}"
                : $"unknown part '{name}'; expected one of: {Names}");
}
