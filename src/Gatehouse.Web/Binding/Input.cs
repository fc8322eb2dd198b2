namespace Gatehouse.Web;

/// <summary>
/// What a form or a JSON body was to be, whether or not it is: for handlers that show a form again with its messages in place of refusing it. Without a body, as
/// when the form is first shown, it is empty and without faults.
/// </summary>
public sealed class Input<T>
{
    private readonly Dictionary<string, List<string>> _errors;
    private readonly Func<string, string?> _text;

    internal Input(T? value, Dictionary<string, List<string>>? errors, Func<string, string?> text)
    {
        Value = value;
        _errors = errors ?? new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);
        _text = text;
    }

    /// <summary>The value; only to be used when <see cref="IsValid"/>.</summary>
    public T? Value { get; }

    /// <summary>True when everything was there, of the right type, and met its rules.</summary>
    public bool IsValid => _errors.Count == 0 && Value is not null;

    /// <summary>The messages for each field.</summary>
    public IReadOnlyDictionary<string, List<string>> Errors => _errors;

    /// <summary>The first message for a field; null when it is right.</summary>
    public string? Error(string field) => _errors.TryGetValue(field, out var messages) ? messages[0] : null;

    /// <summary>What the client sent for a field, to be shown again; empty when it sent nothing. Not to be trusted, as anything that was sent.</summary>
    public string Text(string field) => _text(field) ?? "";

    /// <summary>Adds a message, such as one that only a look into the database can give.</summary>
    public void Add(string field, string message)
    {
        if (!_errors.TryGetValue(field, out var messages))
            _errors.Add(field, messages = []);
        messages.Add(message);
    }
}

/// <summary>A parameter that takes a record with its faults.</summary>
internal sealed class InputBinder<T>(bool isFromQuery) : Binder<Input<T>>
{
    private readonly Binder<T> _inner = isFromQuery ? new RecordBinder<T>(FieldSource.Query) : new BodyBinder<T>(isOptional: false);
    private readonly FieldSource _source = isFromQuery ? FieldSource.Query : FieldSource.Form;

    public override Input<T> Bind(Call call)
    {
        if (isFromQuery && call.Request.Query.IsEmpty)
            return new Input<T>(default, null, static _ => null);
        var before = call.TakeFaults();
        var value = _inner.Bind(call);
        var faults = call.TakeFaults();
        foreach (var (field, messages) in before ?? [])
        {
            foreach (var message in messages)
                call.Fault(field, message);
        }
        var source = _source;
        return new Input<T>(value, faults, field => source.Text(call, new FieldName(field)));
    }
}
