using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Gatehouse.Web;

/// <summary>Makes routes of the methods of a class.</summary>
internal static class ControllerRoutes
{
    /// <summary>The methods with a route, each as a delegate whose first argument is the controller, unless it needs none (static).</summary>
    /// <exception cref="RouteException">No method has one.</exception>
    public static IEnumerable<(RouteAttribute Route, Delegate Target)> Of(Type type)
    {
        var found = false;
        foreach (var method in type.GetMethods(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public))
        {
            foreach (var route in method.GetCustomAttributes<RouteAttribute>())
            {
                found = true;
                var types = method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType);
                yield return (route, method.CreateDelegate(Expression.GetDelegateType([.. method.IsStatic ? types : types.Prepend(type)])));
            }
        }
        if (!found)
            throw new RouteException($"{type.Name} has no public method with [Get], [Post], [Put], [Patch] or [Delete]");
    }
}

/// <summary>The controller of a request: made anew for each, with what its constructor asks for.</summary>
internal sealed class ControllerBinder<T> : Binder<T>
{
    private readonly ObjectFactory _make = ActivatorUtilities.CreateFactory(typeof(T), []);

    public override T Bind(Call call)
    {
        var controller = (T)_make(call.Services, null);
        if (controller is IAsyncDisposable or IDisposable)
            call.EndsWith(controller);
        return controller;
    }
}
