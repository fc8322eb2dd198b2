using System.IO.Compression;
using System.Text;

namespace Gatehouse.Http.Urls.Idna;

/// <summary>
/// The Unicode data behind domain names outside of ASCII, unpacked at the first of them. The solution runs without ICU (InvariantGlobalization), where .NET
/// neither maps nor normalises.
/// </summary>
internal sealed class IdnaTable
{
    private static readonly Lazy<IdnaTable> Unpacked = new(() => new IdnaTable(Unpack()));

    private readonly int[] _rangeStarts;
    private readonly int[] _rangeTraits;
    private readonly int[] _mapped;
    private readonly int[] _mappingEnds;
    private readonly char[] _mappings;
    private readonly Dictionary<(int First, int Second), int> _compositions = [];
    private readonly Dictionary<int, (int First, int Second)> _decompositions = [];

    private IdnaTable(NumberReader numbers)
    {
        _rangeStarts = numbers.ReadAscending(numbers.Read());
        _rangeTraits = numbers.Read(_rangeStarts.Length);
        _mapped = numbers.ReadAscending(numbers.Read());
        _mappingEnds = numbers.Read(_mapped.Length);
        for (var index = 1; index < _mappingEnds.Length; index++)
            _mappingEnds[index] += _mappingEnds[index - 1];
        _mappings = new char[_mappingEnds[^1]];
        for (var (index, at) = (0, 0); index < _mapped.Length; index++)
        {
            for (var before = _mapped[index]; at < _mappingEnds[index]; at++)
                _mappings[at] = (char)(before += numbers.ReadSigned());
        }
        var wholes = numbers.ReadAscending(numbers.Read());
        var firsts = wholes.Select(whole => whole + numbers.ReadSigned()).ToArray();
        var second = 0;
        for (var index = 0; index < wholes.Length; index++)
        {
            second += numbers.ReadSigned();
            _compositions.Add((firsts[index], second), wholes[index]);
            _decompositions.Add(wholes[index], (firsts[index], second));
        }
    }

    /// <summary>The one table.</summary>
    public static IdnaTable Instance => Unpacked.Value;

    /// <summary>The properties of a code point.</summary>
    public CodePointTraits this[Rune rune]
    {
        get
        {
            var index = Array.BinarySearch(_rangeStarts, rune.Value);
            return new(_rangeTraits[index < 0 ? ~index - 1 : index]);
        }
    }

    /// <summary>What a code point whose status is mapped becomes, normalised.</summary>
    public ReadOnlySpan<char> MappingOf(Rune rune)
    {
        var index = Array.BinarySearch(_mapped, rune.Value);
        var start = index == 0 ? 0 : _mappingEnds[index - 1];
        return _mappings.AsSpan(start, _mappingEnds[index] - start);
    }

    /// <summary>The two code points that one is canonically composed of, Hangul aside.</summary>
    public bool TryDecompose(int whole, out (int First, int Second) parts) => _decompositions.TryGetValue(whole, out parts);

    /// <summary>The one code point that two compose to, Hangul aside.</summary>
    public bool TryCompose(int first, int second, out int whole) => _compositions.TryGetValue((first, second), out whole);

    private static NumberReader Unpack()
    {
        var packed = Convert.FromBase64String(IdnaData.Packed);
        using var stream = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return new NumberReader(bytes.ToArray());
    }

    /// <summary>Numbers of seven bits a byte, the lowest first; the top bit says that more follow.</summary>
    private sealed class NumberReader(byte[] bytes)
    {
        private int _at;

        public int Read()
        {
            var (value, shift) = (0, 0);
            for (; bytes[_at] >= 0x80; shift += 7)
                value |= (bytes[_at++] & 0x7f) << shift;
            return value | (bytes[_at++] << shift);
        }

        // The lowest bit set means -(value + 1) / 2.
        public int ReadSigned() => Read() is var value && (value & 1) != 0 ? -(value + 1) / 2 : value / 2;

        public int[] Read(int count)
        {
            var values = new int[count];
            for (var index = 0; index < count; index++)
                values[index] = Read();
            return values;
        }

        public int[] ReadAscending(int count)
        {
            var values = Read(count);
            for (var index = 1; index < count; index++)
                values[index] += values[index - 1];
            return values;
        }
    }
}
