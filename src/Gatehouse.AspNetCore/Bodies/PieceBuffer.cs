using System.Buffers;

namespace Gatehouse.AspNetCore.Bodies;

/// <summary>Bytes in a rented array that grows as they are written; rented when there is something to write, given back by <see cref="Release"/>.</summary>
internal struct PieceBuffer
{
    private const int UsualSize = 4 * 1024;

    private byte[]? _array;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that can be written before more room must be made.</summary>
    public readonly int Room => (_array?.Length ?? 0) - Length;

    /// <summary>What was written.</summary>
    public readonly ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    /// <summary>Where the next bytes go: at least as many as asked for, and at least one.</summary>
    public Memory<byte> Reserve(int count)
    {
        if (_array is null)
        {
            _array = ArrayPool<byte>.Shared.Rent(Math.Max(count, UsualSize));
        }
        else if (Room < Math.Max(count, 1))
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + count), _array.Length * 2));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_array);
            _array = larger;
        }
        return _array.AsMemory(Length);
    }

    /// <summary>Counts bytes that were written where <see cref="Reserve"/> said.</summary>
    public void Commit(int count) => Length += count;

    /// <summary>Hands all over, and begins anew.</summary>
    public PieceBuffer Take()
    {
        var taken = this;
        this = default;
        return taken;
    }

    /// <summary>Forgets what was written and gives the array back.</summary>
    public void Release()
    {
        if (_array is not null)
            ArrayPool<byte>.Shared.Return(_array);
        this = default;
    }
}
