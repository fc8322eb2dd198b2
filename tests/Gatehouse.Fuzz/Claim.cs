namespace Gatehouse.Fuzz;

/// <summary>What a target claims of its codec.</summary>
internal static class Claim
{
    /// <summary>Throws when a claim does not hold.</summary>
    /// <exception cref="ClaimException">With <paramref name="claim"/> as its message.</exception>
    public static void That(bool holds, string claim)
    {
        if (!holds) throw new ClaimException($"Does not hold: {claim}.");
    }

    /// <summary>Throws when two verdicts on the same input differ.</summary>
    /// <exception cref="ClaimException">With both verdicts.</exception>
    public static void Same(string whole, string here, string how)
    {
        if (whole != here) throw new ClaimException($"Another verdict {how}.\nwhole: {whole}\nhere:  {here}");
    }
}
