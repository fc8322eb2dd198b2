namespace Gatehouse.Testing;

/// <summary>
/// The ways in which the same bytes can arrive. Each piece is an array of its own with guard bytes on both sides, so that a parser which looks past what it was
/// given sees <see cref="Guard"/> and comes to another result than the whole.
/// </summary>
public static class Splits
{
    /// <summary>The byte around each piece: no part of any token, line end or UTF-8 sequence start.</summary>
    public const byte Guard = 0xA5;

    private const int GuardLength = 16;

    /// <summary>Whole, byte by byte, and <paramref name="random"/> random ways that <paramref name="seed"/> reproduces.</summary>
    public static IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Of(byte[] data, int random = 8, int seed = 1)
    {
        yield return Whole(data);
        yield return ByteByByte(data);
        for (var i = 0; i < random; i++) yield return AtRandom(data, new Random(unchecked(seed * 7919 + i)));
    }

    /// <summary>One piece.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Whole(ReadOnlySpan<byte> data) => [Guarded(data)];

    /// <summary>One piece for each byte.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> ByteByByte(ReadOnlySpan<byte> data)
    {
        var pieces = new ReadOnlyMemory<byte>[data.Length];
        for (var i = 0; i < data.Length; i++) pieces[i] = Guarded(data.Slice(i, 1));
        return pieces;
    }

    /// <summary>Two pieces for each place to cut between two bytes: every way to be interrupted once.</summary>
    public static IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> EveryCut(byte[] data)
    {
        for (var i = 1; i < data.Length; i++) yield return [Guarded(data.AsSpan(0, i)), Guarded(data.AsSpan(i))];
    }

    /// <summary>Pieces of random lengths: now short ones (1 to 4 bytes), now long ones, so that both tokens and whole messages are cut.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> AtRandom(ReadOnlySpan<byte> data, Random random)
    {
        var pieces = new List<ReadOnlyMemory<byte>>();
        while (data.Length > 0)
        {
            var longest = random.Next(3) == 0 ? data.Length : Math.Min(data.Length, 4);
            var length = random.Next(1, longest + 1);
            pieces.Add(Guarded(data[..length]));
            data = data[length..];
        }
        return pieces;
    }

    /// <summary>
    /// The same bytes for a parser that wants them in one growing buffer: after each piece gives the buffer, where the message starts, and how far it has
    /// arrived. What lies behind that end is <see cref="Guard"/> until the next piece comes.
    /// </summary>
    public static IEnumerable<(byte[] Buffer, int Start, int End)> Growing(IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        var buffer = new byte[GuardLength + pieces.Sum(piece => piece.Length) + GuardLength];
        buffer.AsSpan().Fill(Guard);
        var end = GuardLength;
        foreach (var piece in pieces)
        {
            piece.Span.CopyTo(buffer.AsSpan(end));
            end += piece.Length;
            yield return (buffer, GuardLength, end);
        }
    }

    private static ReadOnlyMemory<byte> Guarded(ReadOnlySpan<byte> piece)
    {
        var array = new byte[GuardLength + piece.Length + GuardLength];
        array.AsSpan().Fill(Guard);
        piece.CopyTo(array.AsSpan(GuardLength));
        return array.AsMemory(GuardLength, piece.Length);
    }
}
