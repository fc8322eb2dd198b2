namespace Gatehouse.AspNetCore.Tests.Support;

/// <summary>What serves the application: the same test runs over each, so that Kestrel says what is right.</summary>
public enum ServerKind
{
    /// <summary>ASP.NET Core's own.</summary>
    Kestrel,

    /// <summary>Gatehouse, the application on the thread pool.</summary>
    Pool,

    /// <summary>Gatehouse, the application on the reactor.</summary>
    Inline,
}
