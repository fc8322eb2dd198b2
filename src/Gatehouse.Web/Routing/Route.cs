using Gatehouse.Http;

namespace Gatehouse.Web;

/// <summary>A route as it is mapped: its members say more about it, until the application starts.</summary>
public sealed class Route
{
    private readonly RouteGroup _group;
    private readonly List<Func<IHandler, IHandler>> _wrappers = [];

    internal Route(RouteGroup group, IReadOnlyList<string> methods, string pattern, Delegate? target, IHandler? handler, string place)
    {
        _group = group;
        Methods = methods;
        Pattern = pattern;
        Target = target;
        Handler = handler;
        Place = place;
    }

    /// <summary>The methods that it answers; empty for all.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>The pattern, with the prefixes of its groups.</summary>
    public string Pattern { get; }

    /// <summary>The file and line that map it.</summary>
    public string Place { get; }

    /// <summary>The name that URLs are built by (<see cref="Context.Url"/>); null for none.</summary>
    public string? Name { get; private set; }

    /// <summary>The hosts that it answers for; empty for all.</summary>
    public IReadOnlyList<string> Hosts { get; private set; } = [];

    /// <summary>True when it runs on its reactor (<see cref="Inline"/>).</summary>
    public bool IsInline { get; private set; }

    /// <summary>True when unsafe methods need no CSRF token (<see cref="WithoutCsrf"/>).</summary>
    internal bool IsCsrfExempt { get; private set; }

    /// <summary>What was said of it for those who look at routes (such as the description for OpenAPI).</summary>
    public IList<object> Metadata { get; } = [];

    internal Delegate? Target { get; }

    internal IHandler? Handler { get; }

    internal RouteGroup Group => _group;

    /// <summary>
    /// Runs the handler on the reactor that has the connection, in place of the thread pool: cheaper, for handlers that never block, do not compute for long, and
    /// await nothing that does. While such a handler runs, no other connection of its reactor is served.
    /// </summary>
    public Route Inline()
    {
        IsInline = true;
        return this;
    }

    /// <summary>Gives the route a name to build its URL by.</summary>
    public Route Named(string name)
    {
        Name = name;
        return this;
    }

    /// <summary>Answers only for these hosts: <c>api.example.com</c>, or <c>*.example.com</c> for all below.</summary>
    public Route Host(params string[] hosts)
    {
        Hosts = hosts;
        return this;
    }

    /// <summary>Wraps the handler, inside of what wraps its group.</summary>
    public Route Use(Func<IHandler, IHandler> wrap)
    {
        _wrappers.Add(wrap);
        return this;
    }

    /// <summary>Lets other sites send unsafe requests: for a handler that checks by itself who asks, such as a webhook with a signature.</summary>
    public Route WithoutCsrf()
    {
        IsCsrfExempt = true;
        return this;
    }

    /// <inheritdoc cref="RouteGroup.RequireSignIn"/>
    public Route RequireSignIn(string? signInPath = null, params string[] roles) => Use(next => new SignInRequired(next, signInPath, roles));

    /// <summary>Notes something about the route.</summary>
    public Route With(object metadata)
    {
        Metadata.Add(metadata);
        return this;
    }

    /// <summary>The route in words: methods, pattern and place.</summary>
    public override string ToString() => $"{(Methods.Count == 0 ? "*" : string.Join(' ', Methods))} {Pattern} ({Place})";

    internal IHandler Wrap(IHandler handler)
    {
        for (var i = _wrappers.Count - 1; i >= 0; i--)
            handler = _wrappers[i](handler);
        return _group.Wrap(handler);
    }
}
