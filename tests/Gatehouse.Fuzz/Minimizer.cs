using System.Diagnostics;
using Gatehouse.Fuzz.Mutations;

namespace Gatehouse.Fuzz;

/// <summary>Takes ever smaller ranges out of a failing input as long as it still fails in the same way.</summary>
internal static class Minimizer
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    public static byte[] Minimize(IFuzzTarget target, byte[] input, Type fault)
    {
        var clock = Stopwatch.StartNew();
        for (var size = Math.Max(input.Length / 2, 1); ; size = Math.Max(size / 2, 1))
        {
            var shrunk = false;
            for (var at = 0; at < input.Length && clock.Elapsed < Limit;)
            {
                var candidate = Bytes.Replace(input, at, Math.Min(size, input.Length - at), []);
                if (FailsWith(target, candidate, fault))
                {
                    input = candidate;
                    shrunk = true;
                }
                else
                {
                    at += size;
                }
            }
            if ((size == 1 && !shrunk) || clock.Elapsed >= Limit) return input;
        }
    }

    private static bool FailsWith(IFuzzTarget target, byte[] input, Type fault)
    {
        try
        {
            target.Run(input);
            return false;
        }
        catch (Exception e)
        {
            return e.GetType() == fault;
        }
    }
}
