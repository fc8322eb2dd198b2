namespace Gatehouse.Protocols.Http2;

/// <summary>The open streams of one connection by their identifier: open addressing, no allocation but to grow.</summary>
/// <typeparam name="T">What the driver keeps of a stream.</typeparam>
public sealed class Http2StreamTable<T>
    where T : class
{
    private Slot[] _slots = new Slot[16];

    /// <summary>How many streams there are.</summary>
    public int Count { get; private set; }

    /// <summary>The slots in no order; the value of an empty one is null. To walk over all streams while none is added or removed.</summary>
    public int Capacity => _slots.Length;

    /// <summary>The stream in a slot, or null.</summary>
    public T? At(int slot) => _slots[slot].Value;

    /// <summary>The stream of that identifier, or null.</summary>
    public T? Find(int id)
    {
        var slots = _slots;
        for (var at = Home(id, slots.Length); slots[at].Value is { } value; at = (at + 1) & (slots.Length - 1))
        {
            if (slots[at].Id == id)
                return value;
        }
        return null;
    }

    /// <summary>Adds a stream that is not there.</summary>
    public void Add(int id, T value)
    {
        if (Count >= _slots.Length / 2)
            Grow();
        Place(id, value);
        Count++;
    }

    /// <summary>Removes a stream; does nothing when it is not there.</summary>
    public void Remove(int id)
    {
        var slots = _slots;
        var mask = slots.Length - 1;
        var at = Home(id, slots.Length);
        while (slots[at].Id != id || slots[at].Value is null)
        {
            if (slots[at].Value is null)
                return;
            at = (at + 1) & mask;
        }
        Count--;
        // Those behind that were pushed along move up, so that no search ends early.
        for (var next = (at + 1) & mask; slots[next].Value is not null; next = (next + 1) & mask)
        {
            if (((next - Home(slots[next].Id, slots.Length)) & mask) < ((next - at) & mask))
                continue;
            slots[at] = slots[next];
            at = next;
        }
        slots[at] = default;
    }

    // The identifiers of one side are all odd or all even.
    private static int Home(int id, int size) => (id >> 1) & (size - 1);

    private void Place(int id, T value)
    {
        var mask = _slots.Length - 1;
        var at = Home(id, _slots.Length);
        while (_slots[at].Value is not null)
            at = (at + 1) & mask;
        _slots[at] = new Slot { Id = id, Value = value };
    }

    private void Grow()
    {
        var old = _slots;
        _slots = new Slot[old.Length * 2];
        foreach (var slot in old)
        {
            if (slot.Value is not null)
                Place(slot.Id, slot.Value);
        }
    }

    private struct Slot
    {
        public int Id;
        public T? Value;
    }
}
