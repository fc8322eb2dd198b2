using System.Numerics;

namespace Gatehouse.Upstreams.Policies;

/// <summary>Sets of targets as bits of one word.</summary>
internal static class TargetBits
{
    /// <summary>The index of the <paramref name="n"/>th bit that is set, counted from 0.</summary>
    public static int Nth(ulong bits, int n)
    {
        for (; n > 0; n--)
            bits &= bits - 1;
        return BitOperations.TrailingZeroCount(bits);
    }
}
