using Gatehouse.Net.Interop;

namespace Gatehouse.Net.Transports;

/// <summary>A descriptor that several reactors use; the last one closes it.</summary>
internal sealed class SharedDescriptor(int value, int users)
{
    private int _users = users;

    internal int Value => value;

    /// <summary>One user less. From any thread.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            SocketCalls.Close(value);
    }
}
