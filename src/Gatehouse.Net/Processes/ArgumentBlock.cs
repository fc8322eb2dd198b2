using System.Text;

namespace Gatehouse.Net.Processes;

/// <summary>
/// A program's arguments, or the <c>NAME=value</c> entries of its environment, in the form that execve(2) takes: strings of bytes, each with a NUL at its end.
/// Can be cleared and filled again without allocating.
/// </summary>
public sealed class ArgumentBlock
{
    private byte[] _bytes = new byte[1024];
    private int[] _starts = new int[32];
    private int _used;

    /// <summary>Makes an empty block.</summary>
    public ArgumentBlock()
    {
    }

    /// <summary>Makes a block of <paramref name="strings"/>.</summary>
    /// <exception cref="ArgumentException">One of them has a NUL.</exception>
    public ArgumentBlock(IEnumerable<string> strings)
    {
        ArgumentNullException.ThrowIfNull(strings);
        foreach (var text in strings)
            Add(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>How many strings there are.</summary>
    public int Count { get; private set; }

    internal ReadOnlySpan<byte> Bytes => _bytes;

    internal ReadOnlySpan<int> Starts => _starts;

    /// <summary>The string at <paramref name="index"/>, without its NUL.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            var end = index + 1 < Count ? _starts[index + 1] : _used;
            return _bytes.AsSpan(_starts[index], end - 1 - _starts[index]);
        }
    }

    /// <summary>Removes all strings and keeps the room.</summary>
    public void Clear() => _used = Count = 0;

    /// <summary>Appends a string.</summary>
    /// <exception cref="ArgumentException">It has a NUL, and the program would see half of it.</exception>
    public void Add(ReadOnlySpan<byte> text) => Add(text, default);

    /// <summary>Appends a string of two parts: <c>NAME=</c> and its value.</summary>
    /// <exception cref="ArgumentException">One has a NUL, and the program would see half of it.</exception>
    public void Add(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (first.Contains((byte)0) || second.Contains((byte)0))
            throw new ArgumentException("An argument or an entry of the environment must not hold a NUL.");
        var end = _used + first.Length + second.Length + 1;
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(end, _bytes.Length * 2));
        if (Count == _starts.Length)
            Array.Resize(ref _starts, Count * 2);
        _starts[Count++] = _used;
        first.CopyTo(_bytes.AsSpan(_used));
        second.CopyTo(_bytes.AsSpan(_used + first.Length));
        _bytes[end - 1] = 0;
        _used = end;
    }
}
