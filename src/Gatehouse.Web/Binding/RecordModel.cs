using System.Reflection;
using System.Runtime.ExceptionServices;
using Gatehouse.Http.Forms;

namespace Gatehouse.Web;

/// <summary>
/// How an object is made of fields: by its constructor with the most parameters, then by its properties that may be set. Only what the type declares can be
/// set; <see cref="BindNeverAttribute"/> takes a property out.
/// </summary>
internal sealed class RecordModel<T> : IMember
{
    // Records in records; deeper ones are for JSON.
    private const int MaxDepth = 4;

    private readonly ConstructorInvoker? _constructor;
    private readonly IMember[] _parameters;
    private readonly (PropertyInfo Property, IMember Member)[] _properties;

    public RecordModel(FieldSource source, string prefix, int depth)
    {
        var type = typeof(T);
        var constructor = type.GetConstructors().OrderByDescending(each => each.GetParameters().Length).FirstOrDefault();
        if (constructor is null && !type.IsValueType)
            throw new RouteException($"{type.Name} has no public constructor, so no request can be bound to it");
        _constructor = constructor is null ? null : ConstructorInvoker.Create(constructor);
        var parameters = constructor?.GetParameters() ?? [];
        _parameters = [.. parameters.Select(parameter => Member(
            source, prefix, parameter.Name!, parameter.ParameterType, depth, Requirement.Of(parameter), parameter.HasDefaultValue ? parameter.DefaultValue : null))];
        _properties =
        [
            .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0
                    && property.GetCustomAttribute<BindNeverAttribute>() is null
                    && !Array.Exists(parameters, parameter => parameter.Name!.Equals(property.Name, StringComparison.OrdinalIgnoreCase)))
                .Select(property => (property, Member(source, prefix, property.Name, property.PropertyType, depth, Requirement.Of(property), null))),
        ];
    }

    /// <summary>Makes the object; what is wrong with the fields is noted with the call.</summary>
    public T Make(Call call)
    {
        var arguments = new object?[_parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
            _parameters[i].TryBind(call, out arguments[i]);
        var values = new (bool IsSet, object? Value)[_properties.Length];
        for (var i = 0; i < values.Length; i++)
            values[i].IsSet = _properties[i].Member.TryBind(call, out values[i].Value);
        if (call.HasFaults)
            return default!;
        try
        {
            var made = _constructor is null ? default(T)! : _constructor.Invoke(arguments.AsSpan())!;
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i].IsSet)
                    _properties[i].Property.SetValue(made, values[i].Value);
            }
            return (T)made;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    bool IMember.TryBind(Call call, out object? value)
    {
        value = Make(call);
        return true;
    }

    private static IMember Member(FieldSource source, string prefix, string name, Type type, int depth, bool isRequired, object? otherwise)
    {
        var field = prefix + char.ToLowerInvariant(name[0]) + name[1..];
        if (type == typeof(FormFile))
            return new FileMember(new FileBinder(field, isRequired));
        if (ValueParsers.IsSimple(type))
            return (IMember)Activator.CreateInstance(typeof(FieldMember<>).MakeGenericType(type), source, new FieldName(field), isRequired, otherwise)!;
        if (ListBinders.ItemOf(type) is { } item && ValueParsers.IsSimple(item))
            return (IMember)Activator.CreateInstance(typeof(ListMember<>).MakeGenericType(type), source, new FieldName(field))!;
        if (depth == MaxDepth || type.IsInterface || type.IsAbstract)
            throw new RouteException($"{typeof(T).Name}.{name} of type {type.Name} cannot be bound to fields");
        var below = (IMember)Activator.CreateInstance(typeof(RecordModel<>).MakeGenericType(type), source, field + ".", depth + 1)!;
        return isRequired ? below : new OptionalMember(source, field + ".", below);
    }
}

/// <summary>One member of an object that is made of fields.</summary>
internal interface IMember
{
    /// <summary>The member's value; false when the request has none, and the member keeps its own.</summary>
    bool TryBind(Call call, out object? value);
}

/// <summary>A member that is the value of one field.</summary>
internal sealed class FieldMember<T>(FieldSource source, FieldName name, bool isRequired, object? otherwise) : IMember
{
    private readonly ValueParser<T> _parser = ValueParsers.For<T>()!;

    public bool TryBind(Call call, out object? value)
    {
        value = otherwise ?? default(T);
        switch (source.TryParse(call, name, _parser, out var parsed))
        {
            case true:
                value = parsed;
                return true;
            case null:
                // A check box that is not ticked is not sent.
                if (isRequired && typeof(T) != typeof(bool))
                    Faults.Missing(call, name.Text, source.Place);
                return false;
            default:
                var text = source.Text(call, name) ?? "";
                if (text.Length > 0 || isRequired)
                    Faults.Wrong(call, name.Text, _parser.Expected, text);
                return false;
        }
    }
}

/// <summary>A member that is all fields of one name.</summary>
internal sealed class ListMember<T>(FieldSource source, FieldName name) : IMember
{
    private readonly Binder<T> _binder = ListBinders.For<T>(source, name)!;

    public bool TryBind(Call call, out object? value)
    {
        value = _binder.Bind(call);
        return true;
    }
}

/// <summary>A member with members of its own that need not be there: it is when one of its fields is.</summary>
internal sealed class OptionalMember(FieldSource source, string prefix, IMember inner) : IMember
{
    public bool TryBind(Call call, out object? value)
    {
        value = null;
        return source.HasBelow(call, prefix) && inner.TryBind(call, out value);
    }
}

/// <summary>A member that is a file of a form.</summary>
internal sealed class FileMember(FileBinder binder) : IMember
{
    public bool TryBind(Call call, out object? value)
    {
        value = binder.Bind(call);
        return value is not null;
    }
}
