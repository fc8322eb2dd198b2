namespace Gatehouse.HttpBin.Random;

/// <summary>
/// Python's random module: the Mersenne Twister MT19937 of Matsumoto and Nishimura, seeded and drawn from as CPython does, so that a seed gives the bytes that
/// the original gives.
/// </summary>
internal sealed class PythonRandom
{
    private const int Size = 624;
    private const int Middle = 397;

    private readonly uint[] _state = new uint[Size];
    private int _next = Size;

    /// <summary>random.seed(n) with a whole number.</summary>
    public PythonRandom(long seed)
    {
        var bits = seed == long.MinValue ? 1UL << 63 : (ulong)Math.Abs(seed);
        uint[] key = bits >> 32 == 0 ? [(uint)bits] : [(uint)bits, (uint)(bits >> 32)];
        SeedByArray(key);
    }

    /// <summary>random.randint(0, 255).</summary>
    public byte NextByte()
    {
        while (true)
        {
            // 256 has nine bits; numbers that are too large are drawn again.
            var value = NextWord() >> (32 - 9);
            if (value < 256)
                return (byte)value;
        }
    }

    private void SeedByArray(uint[] key)
    {
        _state[0] = 19650218;
        for (var i = 1; i < Size; i++)
            _state[i] = (1812433253 * (_state[i - 1] ^ (_state[i - 1] >> 30))) + (uint)i;
        var (at, from) = (1, 0);
        for (var k = Math.Max(Size, key.Length); k > 0; k--)
        {
            _state[at] = (_state[at] ^ ((_state[at - 1] ^ (_state[at - 1] >> 30)) * 1664525)) + key[from] + (uint)from;
            Advance(ref at);
            from = (from + 1) % key.Length;
        }
        for (var k = Size - 1; k > 0; k--)
        {
            _state[at] = (_state[at] ^ ((_state[at - 1] ^ (_state[at - 1] >> 30)) * 1566083941)) - (uint)at;
            Advance(ref at);
        }
        _state[0] = 0x80000000;
    }

    private void Advance(ref int at)
    {
        if (++at < Size)
            return;
        _state[0] = _state[Size - 1];
        at = 1;
    }

    private uint NextWord()
    {
        if (_next == Size)
            Twist();
        var y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    private void Twist()
    {
        for (var i = 0; i < Size; i++)
        {
            var y = (_state[i] & 0x80000000) | (_state[(i + 1) % Size] & 0x7fffffff);
            _state[i] = _state[(i + Middle) % Size] ^ (y >> 1) ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
        }
        _next = 0;
    }
}
