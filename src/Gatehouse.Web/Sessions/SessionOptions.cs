using Gatehouse.Http.Cookies;

namespace Gatehouse.Web;

/// <summary>How sessions are kept.</summary>
public sealed class SessionOptions
{
    /// <summary>The name of the cookie; over TLS it gets the prefix <c>__Host-</c>, so that no other host can set it.</summary>
    public string Cookie { get; set; } = "session";

    /// <summary>How long a session lives after its last change or renewal; 14 days, as ASP.NET Core's sign-in cookie.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Whether the cookie travels with requests that other sites cause; Lax by default: with links, not with forms.</summary>
    public SameSite SameSite { get; set; } = SameSite.Lax;

    /// <summary>
    /// False keeps what a session holds in the cookie itself, signed and encrypted, up to some 3 KB. True keeps it in the application's IDistributedCache (memory
    /// unless the services have another, such as Redis), and only a random identifier in the cookie; then a sign-out ends it for good.
    /// </summary>
    public bool IsServerSide { get; set; }

    /// <summary>
    /// The folder of the keys that protect cookies, shared by the instances of the application; null for one in the state folder. Services that have an
    /// IDataProtectionProvider of their own win.
    /// </summary>
    public string? KeyFolder { get; set; }
}
