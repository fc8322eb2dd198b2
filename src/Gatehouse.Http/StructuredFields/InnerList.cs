namespace Gatehouse.Http.StructuredFields;

/// <summary>A list in parentheses, with parameters of its own beside those of its items (RFC 9651 section 3.1.1).</summary>
/// <param name="items">The items; may be none.</param>
public sealed class InnerList(IReadOnlyList<Item> items) : ItemOrInnerList
{
    /// <summary>The items, in order.</summary>
    public IReadOnlyList<Item> Items { get; } = items;
}
