using Gatehouse.Net.Interop;

namespace Gatehouse.Net.Transports;

/// <summary>A descriptor that several reactors use; the last one closes it.</summary>
internal sealed class SharedDescriptor(int value, int users)
{
    private int _users = users;

    internal int Value => value;

    /// <summary>One user more, unless it has been closed. From any thread.</summary>
    internal bool TryAcquire()
    {
        for (var users = Volatile.Read(ref _users); users > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }

        return false;
    }

    /// <summary>One user less. From any thread.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            SocketCalls.Close(value);
    }
}
