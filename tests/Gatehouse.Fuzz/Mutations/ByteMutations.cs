using System.Buffers.Binary;

namespace Gatehouse.Fuzz.Mutations;

/// <summary>Mutations that know nothing of the format.</summary>
internal static class ByteMutations
{
    public static readonly Mutation[] All = [FlipBit, SetByte, SetInteger, InsertRandom, DeleteRange, DuplicateRange, RepeatByte, Truncate];

    private static readonly byte[] Interesting =
        [0x00, 0x01, 0x09, 0x0A, 0x0D, 0x20, 0x22, 0x25, 0x2C, 0x2F, 0x3A, 0x3B, 0x5C, 0x7F, 0x80, 0xC0, 0xE2, 0xF0, 0xFE, 0xFF];
    private static readonly int[] Edges = [0, -1, short.MaxValue, int.MaxValue, int.MinValue];

    private static byte[] FlipBit(byte[] input, Random random)
    {
        if (input.Length == 0) return input;
        byte[] output = [.. input];
        output[random.Next(output.Length)] ^= (byte)(1 << random.Next(8));
        return output;
    }

    private static byte[] SetByte(byte[] input, Random random)
    {
        if (input.Length == 0) return input;
        byte[] output = [.. input];
        output[random.Next(output.Length)] = random.Next(2) == 0 ? Interesting[random.Next(Interesting.Length)] : (byte)random.Next(256);
        return output;
    }

    // Length fields of binary protocols: 16 and 32 bits, both orders, at the edges.
    private static byte[] SetInteger(byte[] input, Random random)
    {
        if (input.Length < 4) return input;
        byte[] output = [.. input];
        var at = output.AsSpan(random.Next(output.Length - 3));
        var value = random.Next(3) == 0 ? input.Length + random.Next(-2, 3) : Edges[random.Next(Edges.Length)];
        switch (random.Next(4))
        {
            case 0: BinaryPrimitives.WriteInt16BigEndian(at, unchecked((short)value)); break;
            case 1: BinaryPrimitives.WriteInt16LittleEndian(at, unchecked((short)value)); break;
            case 2: BinaryPrimitives.WriteInt32BigEndian(at, value); break;
            default: BinaryPrimitives.WriteInt32LittleEndian(at, value); break;
        }
        return output;
    }

    private static byte[] InsertRandom(byte[] input, Random random)
    {
        var added = new byte[random.Next(1, 9)];
        random.NextBytes(added);
        return Bytes.Insert(input, random.Next(input.Length + 1), added);
    }

    private static byte[] DeleteRange(byte[] input, Random random)
    {
        var (start, length) = Range(input, random);
        return Bytes.Replace(input, start, length, []);
    }

    private static byte[] DuplicateRange(byte[] input, Random random)
    {
        var (start, length) = Range(input, random);
        return Bytes.Insert(input, random.Next(input.Length + 1), input.AsSpan(start, length));
    }

    // Long runs reach the limits and show quadratic work.
    private static byte[] RepeatByte(byte[] input, Random random)
    {
        if (input.Length == 0) return input;
        var at = random.Next(input.Length);
        var run = new byte[1 << random.Next(1, 13)];
        run.AsSpan().Fill(input[at]);
        return Bytes.Insert(input, at, run);
    }

    private static byte[] Truncate(byte[] input, Random random) => input[..random.Next(input.Length + 1)];

    private static (int Start, int Length) Range(byte[] input, Random random)
    {
        var start = random.Next(input.Length + 1);
        var longest = random.Next(2) == 0 ? 8 : input.Length;
        return (start, random.Next(Math.Min(longest, input.Length - start) + 1));
    }
}
