namespace Gatehouse.Fuzz.Mutations;

/// <summary>Changes the bytes of <paramref name="input"/>, which stays as it is, into another input.</summary>
internal delegate byte[] Mutation(byte[] input, Random random);

/// <summary>Cutting and joining.</summary>
internal static class Bytes
{
    public static byte[] Insert(byte[] input, int at, ReadOnlySpan<byte> added) => Replace(input, at, 0, added);

    public static byte[] Replace(byte[] input, int at, int length, ReadOnlySpan<byte> added) =>
        [.. input.AsSpan(0, at), .. added, .. input.AsSpan(at + length)];
}
