namespace Gatehouse.Web;

/// <summary>A route or its handler cannot be used: found when the application starts. The message names the route and the line that maps it.</summary>
public sealed class RouteException : Exception
{
    /// <summary>Says what is wrong.</summary>
    public RouteException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is wrong, and why.</summary>
    public RouteException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A route that cannot be used.</summary>
    public RouteException()
        : base("a route cannot be used")
    {
    }
}
