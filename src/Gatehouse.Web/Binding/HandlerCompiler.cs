using System.Linq.Expressions;
using System.Reflection;
using Gatehouse.Http;

namespace Gatehouse.Web;

/// <summary>Makes a handler of the engine of an application's delegate: once, when the application starts.</summary>
internal static class HandlerCompiler
{
    /// <summary>The handler of a route.</summary>
    /// <exception cref="RouteException">A parameter has no source, or the pattern has a parameter that the handler does not take where it must.</exception>
    public static IHandler Compile(App app, Route route, RoutePattern pattern)
    {
        var target = route.Target!;
        var result = target.Method.ReturnType == typeof(void) ? typeof(Nothing) : target.Method.ReturnType;
        try
        {
            return (IHandler)typeof(HandlerCompiler).GetMethod(nameof(CompileTyped), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(result).Invoke(null, [app, route, pattern, target])!;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            throw inner as RouteException ?? new RouteException($"{route}: {inner.Message}", inner);
        }
    }

    private static InvocationHandler<T> CompileTyped<T>(App app, Route route, RoutePattern pattern, Delegate target)
    {
        var factory = new BinderFactory(app, route, pattern);
        var bound = Bind<T>(target, factory);
        return new InvocationHandler<T>(bound, ResultWriters.For<T>(app), factory.Body, factory.NeedsSession);
    }

    private static Func<Call, T> Bind<T>(Delegate target, BinderFactory factory)
    {
        // The usual small handler needs no expression, and a program with only such handlers never loads the compiler of expressions.
        if (target is Func<T> plain)
            return _ => plain();
        // call => { p1 = binder1.Bind(call); ...; return call.HasFaults ? default : target(p1, ...); }
        var call = Expression.Parameter(typeof(Call), "call");
        var parameters = target.Method.GetParameters();
        // A static method that is a delegate's target may have a first argument that the delegate has closed over.
        var invoke = target.GetType().GetMethod("Invoke")!;
        var taken = invoke.GetParameters().Length;
        var variables = new List<ParameterExpression>();
        var steps = new List<Expression>();
        if (taken > parameters.Length)
        {
            // A method of a controller: the delegate's first argument is the object.
            var type = invoke.GetParameters()[0].ParameterType;
            Add(type, Activator.CreateInstance(typeof(ControllerBinder<>).MakeGenericType(type))!);
            taken--;
        }
        foreach (var parameter in parameters[^taken..])
            Add(parameter.ParameterType, factory.For(parameter));
        Expression run = Expression.Invoke(Expression.Constant(target), variables);
        if (typeof(T) == typeof(Nothing))
            run = Expression.Block(run, Expression.Default(typeof(T)));
        steps.Add(Expression.Condition(Expression.Property(call, nameof(Call.HasFaults)), Expression.Default(typeof(T)), run));
        return Expression.Lambda<Func<Call, T>>(Expression.Block(variables, steps), call).Compile();

        void Add(Type type, object binder)
        {
            var variable = Expression.Variable(type);
            variables.Add(variable);
            steps.Add(Expression.Assign(variable, Expression.Call(Expression.Constant(binder, typeof(Binder<>).MakeGenericType(type)), nameof(Binder<>.Bind), null, call)));
        }
    }
}
