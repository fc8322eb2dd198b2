namespace Gatehouse.Http.Tests.Forms;

/// <summary>A body that arrives in given pieces, as an exchange reads one.</summary>
internal sealed class PiecesBody(IEnumerable<ReadOnlyMemory<byte>> pieces)
{
    private readonly Queue<ReadOnlyMemory<byte>> _pieces = new(pieces.Where(piece => !piece.IsEmpty));

    /// <summary>Each other read completes later, so that both ways are taken.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer)
    {
        if (!_pieces.TryDequeue(out var piece))
            return 0;
        if (_pieces.Count % 2 == 1)
            await Task.Yield();
        var length = Math.Min(piece.Length, buffer.Length);
        piece[..length].CopyTo(buffer);
        if (length == piece.Length)
            return length;
        var rest = _pieces.ToArray();
        _pieces.Clear();
        _pieces.Enqueue(piece[length..]);
        foreach (var next in rest)
            _pieces.Enqueue(next);
        return length;
    }
}
