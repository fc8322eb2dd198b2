using System.Collections.Concurrent;

namespace Todo;

/// <summary>A thing to do.</summary>
internal sealed record TodoItem(int Id, string Title, DateOnly? Due, bool Done);

/// <summary>The lists of all users, in memory.</summary>
internal sealed class TodoLists
{
    private readonly ConcurrentDictionary<string, TodoList> _lists = new();

    public TodoList Of(string user) => _lists.GetOrAdd(user, static _ => new TodoList());
}

/// <summary>The things that one user has to do.</summary>
internal sealed class TodoList
{
    private const int Most = 500;

    private readonly Lock _lock = new();
    private readonly List<TodoItem> _items = [];
    private int _last;

    public TodoItem[] All()
    {
        lock (_lock)
            return [.. _items];
    }

    public bool Add(string title, DateOnly? due)
    {
        lock (_lock)
        {
            if (_items.Count == Most)
                return false;
            _items.Add(new TodoItem(++_last, title, due, false));
            return true;
        }
    }

    public bool Toggle(int id)
    {
        lock (_lock)
        {
            var index = _items.FindIndex(item => item.Id == id);
            if (index >= 0)
                _items[index] = _items[index] with { Done = !_items[index].Done };
            return index >= 0;
        }
    }

    public bool Remove(int id)
    {
        lock (_lock)
            return _items.RemoveAll(item => item.Id == id) > 0;
    }
}
