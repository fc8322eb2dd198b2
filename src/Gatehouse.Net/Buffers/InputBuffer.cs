using Gatehouse.Net.Reactors;
using Gatehouse.Net.Transports;

namespace Gatehouse.Net.Buffers;

/// <summary>
/// The bytes that one connection has received and not yet used. While an exchange runs, its head is kept in front of them (<see cref="Hold"/>).
/// Owns no buffer while empty.
/// </summary>
public sealed class InputBuffer(Transport transport)
{
    // Less room than this behind a held head is not worth a system call.
    private const int LeastRoom = 2048;

    private readonly BufferPool _buffers = transport.Reactor.Buffers;
    private byte[]? _buffer;
    private int _held;

    /// <summary>Where the unused bytes start; a head that is being parsed starts here.</summary>
    public int Start { get; private set; }

    /// <summary>Behind the last byte received.</summary>
    public int End { get; private set; }

    /// <summary>The buffer; only while there are bytes or a held head.</summary>
    public byte[] Buffer => _buffer!;

    /// <summary>Bytes that the buffer gets when it is rented: how much one read may bring.</summary>
    public int FirstSize { get; set; } = BufferPool.BufferSize;

    /// <summary>Number of unused bytes.</summary>
    public int Available => End - Start;

    /// <summary>The unused bytes.</summary>
    public ReadOnlySpan<byte> Unused => _buffer.AsSpan(Start, End - Start);

    /// <summary>Keeps the bytes before <paramref name="headEnd"/> where they are; unused bytes start there.</summary>
    public void Hold(int headEnd)
    {
        _held = headEnd;
        Start = headEnd;
    }

    /// <summary>Takes <paramref name="count"/> unused bytes as used.</summary>
    public void Consume(int count) => Start += count;

    /// <summary>
    /// Receives more. Held and unused bytes may move by <paramref name="moved"/>, and may come to lie in another <see cref="Buffer"/> even when that is 0:
    /// who keeps views of them looks at both.
    /// </summary>
    public IoResult Fill(out int moved)
    {
        moved = 0;
        if (_buffer is null)
        {
            _buffer = _buffers.Rent(FirstSize);
            Start = End = _held = 0;
        }
        else if (Start == End && _held > 0)
        {
            Start = End = _held;
            if (_buffer.Length - End < LeastRoom)
                Grow();
        }
        else if (_buffer.Length - End < LeastRoom)
        {
            moved = MakeRoom();
        }
        var result = transport.Read(_buffer.AsSpan(End));
        if (result.IsDone)
            End += result.Count;
        else if (Start == End && _held == 0)
            Release();
        return result;
    }

    /// <summary>The exchange is over: its head need not be kept. Gives the buffer back when nothing is left in it.</summary>
    public void Unhold()
    {
        _held = 0;
        if (Start == End)
            Release();
    }

    /// <summary>
    /// Gives the buffer back though a head is held, when nothing is left behind that head: for who will receive elsewhere from now on. The bytes up to the
    /// head's end are returned as a copy, at the same offsets.
    /// </summary>
    public byte[] Detach()
    {
        var head = _buffer.AsSpan(0, _held).ToArray();
        Release();
        return head;
    }

    /// <summary>Gives the buffer, with all that is in it, to the caller, who returns it to the pool. Nothing is held or unused afterwards.</summary>
    public byte[] Take()
    {
        var buffer = _buffer!;
        _buffer = null;
        Start = End = _held = 0;
        return buffer;
    }

    /// <summary>Drops everything.</summary>
    public void Release()
    {
        if (_buffer is not null)
            _buffers.Return(_buffer);
        _buffer = null;
        Start = End = _held = 0;
    }

    // Moves a partial head to the front, or into a buffer twice the size when it already starts there.
    private int MakeRoom()
    {
        if (_held > 0 || Start == 0)
        {
            Grow();
            return 0;
        }
        var moved = -Start;
        System.Buffer.BlockCopy(_buffer!, Start, _buffer!, 0, End - Start);
        End -= Start;
        Start = 0;
        if (_buffer!.Length - End < LeastRoom)
            Grow();
        return moved;
    }

    private void Grow()
    {
        var larger = _buffers.Rent(_buffer!.Length * 2);
        System.Buffer.BlockCopy(_buffer, 0, larger, 0, End);
        _buffers.Return(_buffer);
        _buffer = larger;
    }
}
