namespace Gatehouse.Web;

/// <summary>A parameter that is a record of which each member is a field of the query or the form.</summary>
internal sealed class RecordBinder<T>(FieldSource source) : Binder<T>
{
    private readonly RecordModel<T> _model = new(source, "", 0);

    public override T Bind(Call call)
    {
        var value = _model.Make(call);
        if (value is not null && !call.HasFaults)
            ModelRules.For(typeof(T)).Check(value, call.Services, call.Fault);
        return value;
    }
}
