namespace Gatehouse.Protocols.Http2;

/// <summary>What one side may still send, of a stream or of the connection (RFC 9113 section 6.9). A change of settings can make it negative.</summary>
public struct Http2Window(int size)
{
    private long _size = size;

    /// <summary>Bytes that may be sent now; 0 while it is negative.</summary>
    public readonly int Available => (int)Math.Max(_size, 0);

    /// <summary>Bytes were sent or received. False when there are more than the window allows.</summary>
    public bool TryTake(int count)
    {
        if (count > _size)
            return false;
        _size -= count;
        return true;
    }

    /// <summary>The window grows, or shrinks by a change of settings. False when it would be larger than 2^31-1.</summary>
    public bool TryAdd(long increment)
    {
        if (_size + increment > Http2Protocol.MaxWindow)
            return false;
        _size += increment;
        return true;
    }
}
