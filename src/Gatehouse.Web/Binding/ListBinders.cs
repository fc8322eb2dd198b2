namespace Gatehouse.Web;

/// <summary>Binders of parameters that take every field of one name: arrays and lists of values.</summary>
internal static class ListBinders
{
    /// <summary>The binder; null for a type that is no such list.</summary>
    public static Binder<T>? For<T>(FieldSource source, FieldName name)
    {
        if (ItemOf(typeof(T)) is not { } item || !ValueParsers.IsSimple(item))
            return null;
        return (Binder<T>)typeof(ListBinders).GetMethod(nameof(Make), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(typeof(T), item).Invoke(null, [source, name])!;
    }

    /// <summary>What a list is of; null for another type.</summary>
    public static Type? ItemOf(Type type)
    {
        if (type.IsArray && type.GetArrayRank() == 1 && type != typeof(byte[]))
            return type.GetElementType();
        if (!type.IsGenericType)
            return null;
        var definition = type.GetGenericTypeDefinition();
        return definition == typeof(List<>) || definition == typeof(IReadOnlyList<>) || definition == typeof(IEnumerable<>)
            || definition == typeof(IList<>) || definition == typeof(IReadOnlyCollection<>) || definition == typeof(ICollection<>)
            ? type.GenericTypeArguments[0]
            : null;
    }

    private static FieldsBinder<TItem, TList> Make<TList, TItem>(FieldSource source, FieldName name) => new(
        source, name, ValueParsers.For<TItem>()!, typeof(TList).IsArray ? static items => (TList)(object)items.ToArray() : static items => (TList)(object)items);
}
