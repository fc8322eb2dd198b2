using System.Diagnostics.CodeAnalysis;

namespace Gatehouse.Http.StructuredFields;

/// <summary>
/// Parses and serialises structured fields (RFC 9651). A field in several lines is parsed as one, its lines joined by a comma (RFC 9110 section 5.3). Strict:
/// a field with any fault is to be ignored as a whole (section 4.2).
/// </summary>
public static class StructuredField
{
    /// <summary>Parses a field that is a single item.</summary>
    /// <param name="value">The field value.</param>
    /// <param name="item">The item.</param>
    /// <param name="error">What was expected, what was found, and where.</param>
    public static bool TryParseItem(ReadOnlySpan<byte> value, [NotNullWhen(true)] out Item? item, [NotNullWhen(false)] out string? error)
    {
        var parser = new FieldParser(value);
        var isParsed = parser.TrySingleItem(out item) && parser.TryEnd();
        error = isParsed ? null : parser.Error;
        item = isParsed ? item : null;
        return item is not null;
    }

    /// <summary>Parses a field that is a list; the empty value is the empty list.</summary>
    /// <param name="value">The field value.</param>
    /// <param name="list">The members, in order.</param>
    /// <param name="error">What was expected, what was found, and where.</param>
    public static bool TryParseList(
        ReadOnlySpan<byte> value, [NotNullWhen(true)] out IReadOnlyList<ItemOrInnerList>? list, [NotNullWhen(false)] out string? error)
    {
        var parser = new FieldParser(value);
        var isParsed = parser.TryList(out list) && parser.TryEnd();
        error = isParsed ? null : parser.Error;
        list = isParsed ? list : null;
        return list is not null;
    }

    /// <summary>Parses a field that is a dictionary; the empty value is the empty dictionary. Of members with the same key, the last one counts.</summary>
    /// <param name="value">The field value.</param>
    /// <param name="dictionary">The members by key, in order.</param>
    /// <param name="error">What was expected, what was found, and where.</param>
    public static bool TryParseDictionary(
        ReadOnlySpan<byte> value, [NotNullWhen(true)] out OrderedDictionary<string, ItemOrInnerList>? dictionary, [NotNullWhen(false)] out string? error)
    {
        var parser = new FieldParser(value);
        var isParsed = parser.TryDictionary(out dictionary) && parser.TryEnd();
        error = isParsed ? null : parser.Error;
        dictionary = isParsed ? dictionary : null;
        return dictionary is not null;
    }

    /// <summary>Serialises an item; the result is ASCII.</summary>
    /// <exception cref="ArgumentException">The key of a parameter is not one.</exception>
    public static string Serialize(Item item) => FieldSerializer.Serialize(item);

    /// <summary>Serialises a list; the result is ASCII. It is empty for an empty list: then the field is to be left out.</summary>
    /// <exception cref="ArgumentException">The key of a parameter is not one.</exception>
    public static string Serialize(IEnumerable<ItemOrInnerList> list) => FieldSerializer.Serialize(list);

    /// <summary>Serialises a dictionary; the result is ASCII. It is empty for an empty dictionary: then the field is to be left out.</summary>
    /// <exception cref="ArgumentException">The key of a member or parameter is not one.</exception>
    public static string Serialize(OrderedDictionary<string, ItemOrInnerList> dictionary) => FieldSerializer.Serialize(dictionary);
}
