using Gatehouse.Testing;

namespace Gatehouse.Fuzz;

/// <summary>Replays an input in pieces and requires the verdict of the whole. The cuts follow from the input, so that a failing input fails again.</summary>
internal static class SplitReplay
{
    /// <summary>What a codec says of the pieces, as text that holds everything a caller can see.</summary>
    public delegate string Verdict(IReadOnlyList<ReadOnlyMemory<byte>> pieces);

    public static void Require(ReadOnlySpan<byte> input, Verdict verdict)
    {
        var whole = verdict(Splits.Whole(input));
        Claim.Same(whole, verdict(Splits.AtRandom(input, new Random(Seed(input)))), "when split at random");
        if (input.Length <= 512) Claim.Same(whole, verdict(Splits.ByteByByte(input)), "byte by byte");
    }

    // FNV-1a: the same in each process, unlike HashCode.
    private static int Seed(ReadOnlySpan<byte> input)
    {
        var hash = 2166136261;
        foreach (var value in input) hash = unchecked((hash ^ value) * 16777619);
        return (int)hash;
    }
}
