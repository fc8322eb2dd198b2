namespace Gatehouse.Net.Reactors;

/// <summary>
/// The sources of one reactor by slot. An event carries slot and generation; a slot's generation moves on when its source leaves, so an event that the
/// kernel collected for a closed descriptor finds nobody, even when descriptor and slot are in use again.
/// </summary>
internal sealed class SourceTable
{
    private const int None = -1;
    private Slot[] _slots = new Slot[256];
    private int _used;
    private int _firstFree = None;

    /// <summary>Sources in the table.</summary>
    internal int Count { get; private set; }

    /// <summary>Gives <paramref name="source"/> a slot and returns the data for its events.</summary>
    internal ulong Add(IReactorSource source)
    {
        int index;
        if (_firstFree != None)
        {
            index = _firstFree;
            _firstFree = _slots[index].NextFree;
        }
        else
        {
            if (_used == _slots.Length)
                Array.Resize(ref _slots, _used * 2);
            index = _used++;
        }

        ref var slot = ref _slots[index];
        slot.Source = source;
        Count++;
        return ((ulong)slot.Generation << 32) | (uint)index;
    }

    /// <summary>Takes the source with these event data out of the table.</summary>
    internal void Remove(ulong data)
    {
        var index = (int)(uint)data;
        ref var slot = ref _slots[index];
        slot.Source = null;
        slot.Generation++;
        slot.NextFree = _firstFree;
        _firstFree = index;
        Count--;
    }

    /// <summary>The source that an event is for, or null when it has left.</summary>
    internal IReactorSource? Find(ulong data)
    {
        var slots = _slots;
        var index = (uint)data;
        if (index >= (uint)slots.Length)
            return null;
        ref var slot = ref slots[index];
        return slot.Generation == (uint)(data >> 32) ? slot.Source : null;
    }

    /// <summary>Ends every source that is left; each takes itself out.</summary>
    internal void EndAll(Action<Exception> report)
    {
        for (var index = 0; index < _used; index++)
        {
            try
            {
                _slots[index].Source?.OnReactorEnded();
            }
            catch (Exception exception)
            {
                report(exception);
            }
        }
    }

    private struct Slot
    {
        internal IReactorSource? Source;
        internal uint Generation;
        internal int NextFree;
    }
}
