namespace Gatehouse.Fuzz;

/// <summary>What a run came to.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Seed">Reproduces the run.</param>
/// <param name="Inputs">How many inputs were given.</param>
/// <param name="Failure">The first failure; null when none was found.</param>
public sealed record FuzzResult(string Target, int Seed, long Inputs, FuzzFailure? Failure);

/// <summary>An input that a target does not survive.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="File">The file with the input, made as small as it still fails.</param>
/// <param name="Reason">The exception, or that it did not end.</param>
public sealed record FuzzFailure(string Target, string File, string Reason)
{
    /// <summary>One line for a shell, at the root of the checkout, that gives the input once more.</summary>
    public string Reproduction => $"bench/fuzz {Target} --replay {File}";

    /// <summary>Everything a person needs.</summary>
    public override string ToString() => $"{Target} fails: {Reason}\ninput: {File} ({new FileInfo(File).Length} bytes)\nagain: {Reproduction}";
}
