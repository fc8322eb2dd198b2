namespace Gatehouse.Web;

/// <summary>A parameter that is the body: JSON, or the fields of a form.</summary>
internal sealed class BodyBinder<T>(bool isOptional) : Binder<T>
{
    private readonly RecordModel<T>? _fields = BodyModels.HasFields(typeof(T)) ? new RecordModel<T>(FieldSource.Form, "", 0) : null;

    public override T Bind(Call call)
    {
        T value;
        if (call.Form is not null && _fields is not null)
        {
            value = _fields.Make(call);
        }
        else if (call.Json.IsEmpty)
        {
            if (!isOptional)
                call.Fault("", "a body is required: JSON, or a form");
            return default!;
        }
        else
        {
            value = JsonReading.Read<T>(call);
        }
        if (value is not null && !call.HasFaults)
            ModelRules.For(typeof(T)).Check(value, call.Services, call.Fault);
        return value;
    }
}

/// <summary>Tells types that a form can be bound to.</summary>
internal static class BodyModels
{
    public static bool HasFields(Type type) =>
        !ValueParsers.IsSimple(type) && ListBinders.ItemOf(type) is null && !typeof(System.Collections.IEnumerable).IsAssignableFrom(type)
        && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true;
}
