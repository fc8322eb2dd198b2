namespace Gatehouse.Fuzz.Mutations;

/// <summary>
/// Makes new inputs of known ones: splices two, and stacks a few mutations. Without coverage, variety comes from stacking and from going on with what it made.
/// </summary>
internal sealed class Mutator
{
    /// <summary>Bytes of an input at most: past every limit a codec has by default, and short enough to run thousands in a second.</summary>
    public const int MaxLength = 64 * 1024;

    private const int MaxStack = 6;
    private const int MaxDescendants = 512;

    private static readonly Mutation[] Mutations = [.. ByteMutations.All, .. TextMutations.All];

    private readonly byte[][] _seeds;
    private readonly List<byte[]> _descendants = [];
    private readonly Random _random;

    /// <summary>Makes a mutator whose outputs follow from <paramref name="random"/>.</summary>
    public Mutator(IEnumerable<byte[]> seeds, Random random)
    {
        _seeds = [.. seeds.Where(seed => seed.Length <= MaxLength)];
        if (_seeds.Length == 0) _seeds = [[]];
        _random = random;
    }

    /// <summary>The inputs it started from.</summary>
    public IReadOnlyList<byte[]> Seeds => _seeds;

    /// <summary>Makes the next input.</summary>
    public byte[] Next()
    {
        var input = Pick();
        if (_random.Next(4) == 0) input = Splice(input, Pick());
        for (var left = _random.Next(1, MaxStack + 1); left > 0; left--)
        {
            input = Mutations[_random.Next(Mutations.Length)](input, _random);
            if (input.Length > MaxLength) input = input[..MaxLength];
        }
        Keep(input);
        return input;
    }

    private byte[] Pick() =>
        _descendants.Count > 0 && _random.Next(4) == 0 ? _descendants[_random.Next(_descendants.Count)] : _seeds[_random.Next(_seeds.Length)];

    private byte[] Splice(byte[] first, byte[] second)
    {
        var start = _random.Next(second.Length + 1);
        return [.. first.AsSpan(0, _random.Next(first.Length + 1)), .. second.AsSpan(start)];
    }

    // Small descendants only: growth feeds on itself, and long inputs are slow.
    private void Keep(byte[] input)
    {
        if (input.Length > 4096 || _random.Next(8) != 0) return;
        if (_descendants.Count < MaxDescendants) _descendants.Add(input);
        else _descendants[_random.Next(MaxDescendants)] = input;
    }
}
