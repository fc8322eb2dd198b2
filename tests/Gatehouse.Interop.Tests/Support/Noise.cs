namespace Gatehouse.Interop.Tests.Support;

/// <summary>Bytes without a pattern, the same in each run, so that a lost, doubled or swapped block shows.</summary>
public static class Noise
{
    /// <summary>So many bytes.</summary>
    public static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Asserts that two large bodies are the same, and tells where they first differ.</summary>
    public static void AssertSame(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        var common = expected.CommonPrefixLength(actual);
        Assert.True(common == expected.Length && common == actual.Length, $"{expected.Length} bytes expected, {actual.Length} found; the first {common} are the same.");
    }
}
