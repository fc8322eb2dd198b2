using Gatehouse.Http.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>Gives one parameter of a handler its value. What is wrong is noted with the call, and the value is then of no account.</summary>
internal abstract class Binder<T>
{
    public abstract T Bind(Call call);
}

/// <summary>What a handler needs of the body before it is called.</summary>
internal enum BodyNeed
{
    None,
    Form,
    Json,

    /// <summary>A form when the client sends one, else JSON.</summary>
    Any,
}

/// <summary>A parameter that is part of the request itself.</summary>
internal sealed class OwnBinder<T>(Func<Call, T> get) : Binder<T>
{
    public override T Bind(Call call) => get(call);
}

/// <summary>A parameter that is a service.</summary>
internal sealed class ServiceBinder<T>(bool isOptional) : Binder<T>
    where T : class
{
    public override T Bind(Call call) => isOptional ? call.Services.GetService<T>()! : call.Services.GetRequiredService<T>();
}

/// <summary>A parameter that stands in the path.</summary>
internal sealed class RouteBinder<T>(int index, string name, ValueParser<T> parser, T otherwise) : Binder<T>
{
    public override T Bind(Call call)
    {
        if (!call.TryGetValue(index, out var raw))
            return otherwise;
        if (parser.TryParse(raw, out var value))
            return value;
        Faults.Wrong(call, name, parser.Expected, raw);
        return otherwise;
    }
}

/// <summary>A parameter that is one field of the query, the form, the head or the cookies.</summary>
internal sealed class FieldBinder<T>(FieldSource source, FieldName name, ValueParser<T> parser, bool isRequired, T otherwise) : Binder<T>
{
    public override T Bind(Call call)
    {
        switch (source.TryParse(call, name, parser, out var value))
        {
            case true:
                return value;
            case null:
                if (isRequired)
                    Faults.Missing(call, name.Text, source.Place);
                return otherwise;
            default:
                // A form sends an empty field for what nobody filled in.
                var text = source.Text(call, name) ?? "";
                if (text.Length > 0 || isRequired)
                    Faults.Wrong(call, name.Text, parser.Expected, text);
                return otherwise;
        }
    }
}

/// <summary>A parameter that is all fields of one name.</summary>
internal sealed class FieldsBinder<TItem, TList>(FieldSource source, FieldName name, ValueParser<TItem> parser, Func<List<TItem>, TList> make) : Binder<TList>
{
    // As many as a form may have fields.
    private const int MaxItems = 1000;

    public override TList Bind(Call call)
    {
        var texts = new List<string>();
        source.AddAll(call, name, texts);
        var items = new List<TItem>(texts.Count);
        foreach (var text in texts.Take(MaxItems))
        {
            if (parser.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out var item))
                items.Add(item);
            else
                Faults.Wrong(call, name.Text, parser.Expected, text);
        }
        return make(items);
    }
}

/// <summary>A file of a form.</summary>
internal sealed class FileBinder(string name, bool isRequired) : Binder<FormFile?>
{
    public override FormFile? Bind(Call call)
    {
        var file = call.Form?.Files.FirstOrDefault(each => each.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (file is null && isRequired)
            Faults.Missing(call, name, "the form's files");
        return file;
    }
}

/// <summary>Says what is wrong with a field.</summary>
internal static class Faults
{
    private const int MaxShown = 40;

    public static void Missing(Call call, string field, string place) => call.Fault(field, $"is required; expected it in {place}");

    public static void Wrong(Call call, string field, string expected, ReadOnlySpan<byte> found) =>
        Wrong(call, field, expected, System.Text.Encoding.UTF8.GetString(found));

    public static void Wrong(Call call, string field, string expected, string found) =>
        call.Fault(field, $"expected {expected}; found '{(found.Length > MaxShown ? found[..MaxShown] + "…" : found)}'");
}
