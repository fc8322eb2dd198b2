using System.Runtime.CompilerServices;

namespace Gatehouse.Web;

/// <summary>Maps a method of a controller (<see cref="RouteGroup.Controller{T}"/>).</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public abstract class RouteAttribute : Attribute
{
    private protected RouteAttribute(string method, string pattern, string file, int line) => (Method, Pattern, Place) = (method, pattern, RouteGroup.PlaceOf(file, line));

    /// <summary>The request's method.</summary>
    public string Method { get; }

    /// <summary>The pattern, behind the prefix of the controller's group.</summary>
    public string Pattern { get; }

    /// <summary>A name to build URLs by; null for none.</summary>
    public string? Name { get; set; }

    internal string Place { get; }
}

/// <summary>Maps GET, and HEAD with it.</summary>
public sealed class GetAttribute(string pattern, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) : RouteAttribute("GET", pattern, file, line);

/// <summary>Maps POST.</summary>
public sealed class PostAttribute(string pattern, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) : RouteAttribute("POST", pattern, file, line);

/// <summary>Maps PUT.</summary>
public sealed class PutAttribute(string pattern, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) : RouteAttribute("PUT", pattern, file, line);

/// <summary>Maps PATCH.</summary>
public sealed class PatchAttribute(string pattern, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) : RouteAttribute("PATCH", pattern, file, line);

/// <summary>Maps DELETE.</summary>
public sealed class DeleteAttribute(string pattern, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) : RouteAttribute("DELETE", pattern, file, line);
