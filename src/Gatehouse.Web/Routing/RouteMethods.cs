namespace Gatehouse.Web;

/// <summary>What methods mean (RFC 9110 section 9.2.1).</summary>
internal static class RouteMethods
{
    /// <summary>True when a route answers a method that may change something.</summary>
    public static bool MayBeUnsafe(IReadOnlyList<string> methods) => methods.Count == 0 || methods.Any(method => method is not ("GET" or "HEAD" or "OPTIONS" or "TRACE"));
}
