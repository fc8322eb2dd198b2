using System.Reflection;
using Gatehouse.Http;
using Gatehouse.Http.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>
/// Decides where each parameter of a handler comes from, when the application starts: 1 what an attribute says; 2 the request itself (context, form, session
/// and the like); 3 the path, when the pattern has the name; 4 the query, for the value of one field; 5 a service, when the type is one; 6 the body for methods
/// that have one, else the query, for a record.
/// </summary>
internal sealed class BinderFactory(App app, Route route, RoutePattern pattern)
{
    private readonly IServiceProviderIsService _services = app.Provider.GetRequiredService<IServiceProviderIsService>();

    /// <summary>What the parameters seen so far need of the body.</summary>
    public BodyNeed Body { get; private set; }

    /// <summary>True when a parameter is the session, which is loaded before the handler is called.</summary>
    public bool NeedsSession { get; private set; }

    /// <summary>The binder of a parameter, a <see cref="Binder{T}"/> of its type.</summary>
    /// <exception cref="RouteException">Nothing can give it a value.</exception>
    public object For(ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (type.IsByRef)
            throw Fault(parameter, "is passed by reference");
        return Invoke(nameof(Typed), type, parameter);
    }

    private object Typed<T>(ParameterInfo parameter)
    {
        var binder = Find<T>(parameter);
        return ParameterRules.For<T>(parameter) is { } rules ? new ValidatedBinder<T>(binder, rules, FieldNameOf(parameter)) : binder;
    }

    private Binder<T> Find<T>(ParameterInfo parameter)
    {
        var type = typeof(T);
        // 1
        if (parameter.GetCustomAttribute<FromRouteAttribute>() is { } fromRoute)
            return Routed<T>(parameter, fromRoute.Name ?? parameter.Name!) ?? throw Fault(parameter, $"is not in the pattern '{pattern.Text}'");
        if (parameter.GetCustomAttribute<FromQueryAttribute>() is { } fromQuery)
            return Field<T>(parameter, FieldSource.Query, fromQuery.Name) ?? new RecordBinder<T>(FieldSource.Query);
        if (parameter.GetCustomAttribute<FromHeaderAttribute>() is { } fromHeader)
            return Field<T>(parameter, FieldSource.Header, fromHeader.Name ?? parameter.Name!.Replace('_', '-')) ?? throw Fault(parameter, "is not the value of one field");
        if (parameter.GetCustomAttribute<FromCookieAttribute>() is { } fromCookie)
            return Field<T>(parameter, FieldSource.Cookie, fromCookie.Name) ?? throw Fault(parameter, "is not the value of one cookie");
        if (parameter.GetCustomAttribute<FromFormAttribute>() is { } fromForm)
            return FromForm<T>(parameter, fromForm.Name);
        if (parameter.GetCustomAttribute<FromBodyAttribute>() is not null)
            return FromBody<T>(parameter);
        if (parameter.GetCustomAttribute<FromServicesAttribute>() is not null)
            return Service<T>(parameter);
        // 2
        if (Own<T>(parameter) is { } own)
            return own;
        // 3
        if (Routed<T>(parameter, parameter.Name!) is { } routed)
            return routed;
        // 4
        if (Field<T>(parameter, FieldSource.Query, null) is { } field)
            return field;
        // 5
        if (_services.IsService(type))
            return Service<T>(parameter);
        if (type.IsInterface || type.IsAbstract)
            throw Fault(parameter, "is no registered service");
        // 6
        return route.Methods is ["POST" or "PUT" or "PATCH", ..] ? FromBody<T>(parameter) : new RecordBinder<T>(FieldSource.Query);
    }

    private Binder<T>? Own<T>(ParameterInfo parameter)
    {
        var type = typeof(T);
        object? binder = null;
        if (type == typeof(Context))
            binder = new OwnBinder<Context>(static call => call.Context);
        else if (type == typeof(Exchange))
            binder = new OwnBinder<Exchange>(static call => call.Exchange);
        else if (type == typeof(Request))
            binder = new OwnBinder<Request>(static call => call.Request);
        else if (type == typeof(Response))
            binder = new OwnBinder<Response>(static call => call.Response);
        else if (type == typeof(Session))
            binder = OwnSession();
        else if (type == typeof(CancellationToken))
            binder = new OwnBinder<CancellationToken>(static call => call.Exchange.Aborted);
        else if (type == typeof(App))
            binder = new OwnBinder<App>(static call => call.App);
        else if (type == typeof(IServiceProvider))
            binder = new OwnBinder<IServiceProvider>(static call => call.Services);
        else if (type == typeof(Form) || type == typeof(FormFile) || type == typeof(IReadOnlyList<FormFile>))
            return FromForm<T>(parameter, null);
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Input<>))
            binder = InputBinder(type.GenericTypeArguments[0]);
        return (Binder<T>?)binder;
    }

    private OwnBinder<Session> OwnSession()
    {
        NeedsSession = true;
        return new OwnBinder<Session>(static call => call.Session!);
    }

    private object InputBinder(Type type)
    {
        Need(BodyNeed.Any);
        return Activator.CreateInstance(typeof(InputBinder<>).MakeGenericType(type), [route.Methods is not ["POST" or "PUT" or "PATCH", ..]])!;
    }

    private Binder<T> FromForm<T>(ParameterInfo parameter, string? name)
    {
        Need(BodyNeed.Form);
        if (typeof(T) == typeof(Form))
            return (Binder<T>)(object)new OwnBinder<Form>(static call => call.Form!);
        if (typeof(T) == typeof(FormFile))
            return (Binder<T>)(object)new FileBinder(name ?? parameter.Name!, IsRequired(parameter));
        if (typeof(T) == typeof(IReadOnlyList<FormFile>))
            return (Binder<T>)(object)new OwnBinder<IReadOnlyList<FormFile>>(static call => call.Form!.Files);
        return Field<T>(parameter, FieldSource.Form, name) ?? new RecordBinder<T>(FieldSource.Form);
    }

    private BodyBinder<T> FromBody<T>(ParameterInfo parameter)
    {
        Need(BodyNeed.Any);
        return new BodyBinder<T>(!IsRequired(parameter));
    }

    private void Need(BodyNeed need)
    {
        if (Body != BodyNeed.None && Body != need && (Body == BodyNeed.Json || need == BodyNeed.Json))
            throw new RouteException($"{route}: the body cannot be both JSON and a form");
        if (Body != BodyNeed.Form)
            Body = need;
    }

    private Binder<T> Service<T>(ParameterInfo parameter)
    {
        if (typeof(T).IsValueType)
            throw Fault(parameter, "is no service, which are classes and interfaces");
        if (!_services.IsService(typeof(T)) && IsRequired(parameter))
            throw Fault(parameter, "is no registered service");
        return (Binder<T>)Activator.CreateInstance(typeof(ServiceBinder<>).MakeGenericType(typeof(T)), [!IsRequired(parameter)])!;
    }

    private RouteBinder<T>? Routed<T>(ParameterInfo parameter, string name)
    {
        for (var i = 0; i < pattern.Parameters.Count; i++)
        {
            if (!pattern.Parameters[i].Equals(name, StringComparison.OrdinalIgnoreCase))
                continue;
            var parser = ValueParsers.For<T>() ?? throw Fault(parameter, "cannot be read from one segment of the path");
            return new RouteBinder<T>(i, name, parser, Default<T>(parameter));
        }
        return null;
    }

    private static Binder<T>? Field<T>(ParameterInfo parameter, FieldSource source, string? name)
    {
        var field = new FieldName(name ?? parameter.Name!);
        if (ValueParsers.For<T>() is { } parser)
            return new FieldBinder<T>(source, field, parser, IsRequired(parameter), Default<T>(parameter));
        return ListBinders.For<T>(source, field);
    }

    private static T Default<T>(ParameterInfo parameter) => parameter is { HasDefaultValue: true, DefaultValue: T value } ? value : default!;

    private static bool IsRequired(ParameterInfo parameter) => Requirement.Of(parameter);

    private static string FieldNameOf(ParameterInfo parameter) => parameter.Name!;

    private RouteException Fault(ParameterInfo parameter, string what) =>
        new($"{route}: the parameter '{parameter.Name}' of type {parameter.ParameterType.Name} {what}");

    private object Invoke(string method, Type type, ParameterInfo parameter)
    {
        try
        {
            return GetType().GetMethod(method, BindingFlags.Instance | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(this, [parameter])!;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is RouteException inner)
        {
            throw new RouteException(inner.Message, inner);
        }
    }
}
