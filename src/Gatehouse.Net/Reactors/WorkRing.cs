namespace Gatehouse.Net.Reactors;

/// <summary>A growing ring of work, first in first out. Not thread-safe.</summary>
internal sealed class WorkRing
{
    private const int Initial = 64;
    private const int Retained = 4096;
    private IReactorWork?[] _items = new IReactorWork?[Initial];
    private int _head;
    private int _count;

    /// <summary>Work that waits.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>Adds work at the end.</summary>
    internal void Enqueue(IReactorWork work)
    {
        if (_count == _items.Length)
            Grow();
        _items[(_head + _count) & (_items.Length - 1)] = work;
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>Takes the oldest work; there must be some.</summary>
    internal IReactorWork Dequeue()
    {
        var work = _items[_head]!;
        _items[_head] = null;
        _head = (_head + 1) & (_items.Length - 1);
        Volatile.Write(ref _count, _count - 1);

        // The room of a burst is not kept for ever.
        if (_count == 0 && _items.Length > Retained)
        {
            _items = new IReactorWork?[Initial];
            _head = 0;
        }

        return work;
    }

    private void Grow()
    {
        var larger = new IReactorWork?[_items.Length * 2];
        for (var i = 0; i < _count; i++)
            larger[i] = _items[(_head + i) & (_items.Length - 1)];
        _items = larger;
        _head = 0;
    }
}
