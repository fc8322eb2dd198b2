namespace Gatehouse.Web;

/// <summary>The values of a URL: of a dictionary, or of an object's properties.</summary>
internal static class UrlValues
{
    public static IEnumerable<KeyValuePair<string, object?>> Of(object? values) => values switch
    {
        null => [],
        IEnumerable<KeyValuePair<string, object?>> pairs => pairs,
        IEnumerable<KeyValuePair<string, string>> pairs => pairs.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value)),
        _ => values.GetType().GetProperties().Select(property => KeyValuePair.Create(property.Name, property.GetValue(values))),
    };
}
