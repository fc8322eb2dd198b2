namespace Gatehouse.Http.Cookies;

/// <summary>A cookie as a <see cref="CookieJar"/> keeps it (RFC 6265bis section 5.7). Immutable to all but its jar.</summary>
public sealed class Cookie
{
    /// <summary>The name's bytes; empty for a cookie without a name.</summary>
    public required ReadOnlyMemory<byte> Name { get; init; }

    /// <summary>The value's bytes.</summary>
    public required ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>The host, or the domain at and below which it is sent, in lower case and without a leading dot.</summary>
    public required string Domain { get; init; }

    /// <summary>True when it is sent to exactly the host <see cref="Domain"/>.</summary>
    public bool HostOnly { get; init; }

    /// <summary>The path at and below which it is sent.</summary>
    public required ReadOnlyMemory<byte> Path { get; init; }

    /// <summary>When it ends; null for the end of the session.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Sent over secure connections only.</summary>
    public bool Secure { get; init; }

    /// <summary>Out of reach of scripts.</summary>
    public bool HttpOnly { get; init; }

    /// <summary>With which cross-site requests it travels. Recorded; a client that no site leads anywhere has no cross-site requests.</summary>
    public SameSite SameSite { get; init; }

    /// <summary>Kept apart for each top-level site (CHIPS). Recorded; without top-level sites there is one partition.</summary>
    public bool Partitioned { get; init; }

    /// <summary>Rank by time of creation, which a cookie takes over from the one it replaces.</summary>
    internal long Created { get; set; }

    /// <summary>Rank by time of last use.</summary>
    internal long LastUsed { get; set; }

    internal bool IsExpired(DateTimeOffset now) => Expires <= now;

    /// <summary>The same in the sense of section 5.7 step 23: name, domain, host-only-flag and path.</summary>
    internal bool IsSame(Cookie other) =>
        HostOnly == other.HostOnly && Domain == other.Domain && Name.Span.SequenceEqual(other.Name.Span) && Path.Span.SequenceEqual(other.Path.Span);

    /// <summary>The checks of section 5.7 that need nothing but the cookie.</summary>
    internal CookieRefusal Check()
    {
        if (Name.IsEmpty && Value.IsEmpty)
            return CookieRefusal.Empty;
        if (CookieSyntax.HasControl(Name.Span) || CookieSyntax.HasControl(Value.Span))
            return CookieRefusal.ControlCharacter;
        if (Name.Length + Value.Length > CookieSyntax.MaxNameAndValue)
            return CookieRefusal.TooLong;
        if (Name.IsEmpty && (CookieSyntax.HasSecurePrefix(Value.Span) || CookieSyntax.HasHostPrefix(Value.Span)))
            return CookieRefusal.NamelessPrefix;
        if (CookieSyntax.HasHostPrefix(Name.Span) && !(Secure && HostOnly && Path.Span.SequenceEqual("/"u8)))
            return CookieRefusal.HostPrefix;
        if (Secure)
            return CookieRefusal.None;
        if (CookieSyntax.HasSecurePrefix(Name.Span))
            return CookieRefusal.SecurePrefix;
        if (SameSite == SameSite.None)
            return CookieRefusal.SameSiteNoneNotSecure;
        return Partitioned ? CookieRefusal.PartitionedNotSecure : CookieRefusal.None;
    }
}
