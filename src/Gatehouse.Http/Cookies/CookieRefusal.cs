namespace Gatehouse.Http.Cookies;

/// <summary>Why a user agent does not take a cookie (RFC 6265bis sections 5.6 and 5.7).</summary>
public enum CookieRefusal : byte
{
    /// <summary>It takes it.</summary>
    None,

    /// <summary>Neither name nor value.</summary>
    Empty,

    /// <summary>A control character other than HTAB.</summary>
    ControlCharacter,

    /// <summary>Name and value together are longer than 4,096 bytes.</summary>
    TooLong,

    /// <summary>The Domain attribute is not ASCII, or longer than a host name.</summary>
    MalformedDomain,

    /// <summary>The Domain attribute is a public suffix, under which everyone has names.</summary>
    PublicSuffix,

    /// <summary>The Domain attribute does not cover the host that set the cookie.</summary>
    DomainMismatch,

    /// <summary>A Secure cookie over a plain connection.</summary>
    SecureFromPlain,

    /// <summary>A cookie over a plain connection that would stand in for a Secure one.</summary>
    ShadowsSecure,

    /// <summary>SameSite=None without Secure.</summary>
    SameSiteNoneNotSecure,

    /// <summary>Partitioned without Secure.</summary>
    PartitionedNotSecure,

    /// <summary>The name starts with __Secure- and the cookie is not Secure.</summary>
    SecurePrefix,

    /// <summary>The name starts with __Host- and the cookie is not Secure, has a Domain, or its Path is not "/".</summary>
    HostPrefix,

    /// <summary>A cookie without a name whose value starts with a prefix, and would read as one with that name.</summary>
    NamelessPrefix,
}
