using System.Runtime.CompilerServices;
using Gatehouse.Http;

namespace Gatehouse.Web;

/// <summary>Routes under one prefix, with what wraps them. Members may be used until the application starts.</summary>
public class RouteGroup
{
    private readonly RouteGroup? _parent;
    private readonly List<Func<IHandler, IHandler>> _wrappers = [];

    private protected bool HasWrappers => _wrappers.Count > 0;

    private protected RouteGroup(RouteGroup? parent, string prefix)
    {
        _parent = parent;
        Prefix = prefix;
    }

    /// <summary>What stands in front of each pattern: empty, or a path without a slash at its end.</summary>
    public string Prefix { get; }

    /// <summary>The application.</summary>
    public virtual App Application => _parent!.Application;

    /// <summary>Maps GET, and HEAD with it.</summary>
    public Route Get(string pattern, Delegate handler, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Map(["GET"], pattern, handler, file, line);

    /// <summary>Maps POST.</summary>
    public Route Post(string pattern, Delegate handler, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Map(["POST"], pattern, handler, file, line);

    /// <summary>Maps PUT.</summary>
    public Route Put(string pattern, Delegate handler, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Map(["PUT"], pattern, handler, file, line);

    /// <summary>Maps PATCH.</summary>
    public Route Patch(string pattern, Delegate handler, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Map(["PATCH"], pattern, handler, file, line);

    /// <summary>Maps DELETE.</summary>
    public Route Delete(string pattern, Delegate handler, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) => Map(["DELETE"], pattern, handler, file, line);

    /// <summary>Maps some methods, or all when there is none. A method is a token, compared with case.</summary>
    public Route Map(IReadOnlyList<string> methods, string pattern, Delegate handler, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Application.Add(new Route(this, methods, Join(pattern), handler, null, PlaceOf(file, line)));
    }

    /// <summary>Maps a handler of the engine, for some methods, or all when there is none.</summary>
    public Route Handle(IReadOnlyList<string> methods, string pattern, IHandler handler, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Application.Add(new Route(this, methods, Join(pattern), null, handler, PlaceOf(file, line)));
    }

    /// <summary>A group below this one: its prefix stands behind this one's, what wraps it inside of what wraps this.</summary>
    public RouteGroup Group(string prefix) => new(this, Join(prefix).TrimEnd('/'));

    /// <summary>Puts a module under a prefix.</summary>
    public RouteGroup Mount(string prefix, IModule module)
    {
        ArgumentNullException.ThrowIfNull(module);
        var group = Group(prefix);
        module.Map(group);
        return group;
    }

    /// <summary>
    /// Maps the methods of a class that have <see cref="GetAttribute"/> and the like. Each request gets an object of its own, whose constructor asks for services.
    /// </summary>
    /// <exception cref="RouteException">No method has a route.</exception>
    public RouteGroup Controller<T>()
        where T : class
    {
        foreach (var (route, target) in ControllerRoutes.Of(typeof(T)))
        {
            var added = Application.Add(new Route(this, [route.Method], Join(route.Pattern), target, null, route.Place));
            if (route.Name is { } name)
                added.Named(name);
        }
        return this;
    }

    /// <summary>
    /// Wraps every handler of the group, mapped before or after; the first wrapper is the outermost. It runs where its handler does: on the thread pool, or on the
    /// reactor for <see cref="Route.Inline"/>.
    /// </summary>
    public RouteGroup Use(Func<IHandler, IHandler> wrap)
    {
        ArgumentNullException.ThrowIfNull(wrap);
        _wrappers.Add(wrap);
        return this;
    }

    /// <summary>Wraps every handler of the group with a function that goes on by <c>next.HandleAsync(context.Exchange)</c>, or answers itself.</summary>
    public RouteGroup Use(Func<Context, IHandler, ValueTask> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        return Use(next => new MiddlewareHandler(middleware, next));
    }

    /// <summary>
    /// Lets only users through who have signed in, and have one of the roles if some are named. A browser is sent to <paramref name="signInPath"/>, which finds
    /// the path to return to in its query (<c>return</c>); other clients get 401 or 403.
    /// </summary>
    public RouteGroup RequireSignIn(string? signInPath = null, params string[] roles) => Use(next => new SignInRequired(next, signInPath, roles));

    internal IHandler Wrap(IHandler handler)
    {
        for (var i = _wrappers.Count - 1; i >= 0; i--)
            handler = _wrappers[i](handler);
        return _parent is null ? handler : _parent.Wrap(handler);
    }

    internal static string PlaceOf(string file, int line) => $"{Path.GetFileName(file)}:{line}";

    private string Join(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (!pattern.StartsWith('/'))
            throw new RouteException($"'{pattern}': expected a pattern that begins with a slash");
        return Prefix.Length > 0 && pattern == "/" ? Prefix : Prefix + pattern;
    }
}
