namespace Gatehouse.Http.StructuredFields;

/// <summary>A member of a list or dictionary: <see cref="Item"/> or <see cref="InnerList"/> (RFC 9651 section 3.1), either with parameters.</summary>
public abstract class ItemOrInnerList
{
    private OrderedDictionary<string, BareItem>? _parameters;

    private protected ItemOrInnerList()
    {
    }

    /// <summary>The parameters (section 3.1.2), in order; a key is lower case.</summary>
    public OrderedDictionary<string, BareItem> Parameters => _parameters ??= [];

    /// <summary>True when there is a parameter.</summary>
    public bool HasParameters => _parameters is { Count: > 0 };
}
