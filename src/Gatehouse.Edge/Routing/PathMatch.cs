namespace Gatehouse.Edge.Routing;

/// <summary>How a path stands to a <see cref="PathPattern"/>.</summary>
public enum PathMatchKind
{
    /// <summary>It does not match.</summary>
    None,

    /// <summary>It matches.</summary>
    Match,

    /// <summary>It is <c>/x</c> for the pattern <c>/x/*</c>: answer 308 with a slash added.</summary>
    NeedsSlash,
}

/// <summary>The outcome of a match, as offsets into the path that was matched.</summary>
/// <param name="Kind">Whether it matched.</param>
/// <param name="PrefixLength">Bytes that a strip of the pattern removes: <c>/x</c> of <c>/x/*</c>; 0 where the pattern has no fixed folder.</param>
/// <param name="WildcardStart">Where the part that <c>*</c> stands for begins.</param>
/// <param name="WildcardLength">Bytes of the part that <c>*</c> stands for; 0 for an exact pattern.</param>
/// <param name="PathInfoStart">Where PATH_INFO (RFC 3875 section 4.1.5) begins for a pattern like <c>*.php</c>; the path's length when there is none.</param>
public readonly record struct PathMatch(PathMatchKind Kind, int PrefixLength, int WildcardStart, int WildcardLength, int PathInfoStart)
{
    /// <summary>True when the path matched as it is.</summary>
    public bool IsMatch => Kind == PathMatchKind.Match;
}
