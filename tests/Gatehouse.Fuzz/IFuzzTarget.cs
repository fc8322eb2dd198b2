namespace Gatehouse.Fuzz;

/// <summary>One codec under attack. Register it in <see cref="FuzzTargets"/>.</summary>
public interface IFuzzTarget
{
    /// <summary>The name on the command line, like 'http1-request'.</summary>
    string Name { get; }

    /// <summary>Well-formed inputs that mutation starts from.</summary>
    IEnumerable<byte[]> Seeds { get; }

    /// <summary>
    /// Gives the codec one input. Any exception is a fault: refusing an input is no exception, and what the codec documents to throw the target catches.
    /// Must depend on <paramref name="input"/> alone, so that a failing input fails again.
    /// </summary>
    void Run(ReadOnlySpan<byte> input);
}
