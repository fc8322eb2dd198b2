namespace Gatehouse.Protocols.Http2;

/// <summary>
/// What the other side may still send, of a stream or of the connection. It is opened again when half of it was used: few frames, and the sender need not stop.
/// </summary>
public struct Http2ReceiveWindow(int size)
{
    private Http2Window _window = new(size);
    private int _used;

    /// <summary>Bytes came, padding included. False when they are more than the window allows.</summary>
    public bool TryTake(int count) => _window.TryTake(count);

    /// <summary>Bytes that came were used. What is now to be told in a WINDOW_UPDATE; 0 for nothing yet.</summary>
    public int Use(int count)
    {
        _used += count;
        if (_used < size / 2)
            return 0;
        var increment = _used;
        _used = 0;
        _window.TryAdd(increment);
        return increment;
    }
}
