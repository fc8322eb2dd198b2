namespace Gatehouse.Dns.Resolver;

/// <summary>What a resolver did to find a name, step by step, for who wants to know why.</summary>
public sealed class LookupTrail
{
    private readonly Lock _gate = new();
    private readonly List<string> _steps = [];

    /// <summary>The steps so far.</summary>
    public IReadOnlyList<string> Steps
    {
        get
        {
            lock (_gate)
                return [.. _steps];
        }
    }

    internal void Add(string step)
    {
        lock (_gate)
            _steps.Add(step);
    }
}
