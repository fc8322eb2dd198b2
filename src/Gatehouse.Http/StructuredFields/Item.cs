namespace Gatehouse.Http.StructuredFields;

/// <summary>A value with parameters (RFC 9651 section 3.3).</summary>
/// <param name="value">The value.</param>
public sealed class Item(BareItem value) : ItemOrInnerList
{
    /// <summary>The value.</summary>
    public BareItem Value { get; } = value;
}
