namespace Gatehouse.Http.Cookies;

/// <summary>With which requests that other sites cause a cookie travels (RFC 6265bis section 5.6.7).</summary>
public enum SameSite : byte
{
    /// <summary>No SameSite attribute, or one of another value: user agents decide, most as for <see cref="Lax"/>.</summary>
    Default,

    /// <summary>With all requests; the cookie must be Secure.</summary>
    None,

    /// <summary>With requests from the same site, and when another site leads the user here by a safe method.</summary>
    Lax,

    /// <summary>Only with requests from the same site.</summary>
    Strict,
}
