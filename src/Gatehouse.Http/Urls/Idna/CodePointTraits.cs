namespace Gatehouse.Http.Urls.Idna;

/// <summary>The status of a code point in the IDNA mapping table (UTS46 section 5).</summary>
internal enum IdnaStatus
{
    Valid = 0,
    Ignored = 1,
    Mapped = 2,
    Disallowed = 3,
}

/// <summary>What of the bidirectional class the rule of RFC 5893 section 2 tells apart.</summary>
internal enum BidiClass
{
    /// <summary>ES, CS, ET, ON, BN: allowed in either direction.</summary>
    Neutral = 0,

    /// <summary>L.</summary>
    Left = 1,

    /// <summary>R, AL.</summary>
    Right = 2,

    /// <summary>EN.</summary>
    EuropeanNumber = 3,

    /// <summary>AN.</summary>
    ArabicNumber = 4,

    /// <summary>NSM.</summary>
    NonspacingMark = 5,

    /// <summary>Any other: not in a name that has right-to-left labels.</summary>
    Unallowed = 6,
}

/// <summary>The properties of a code point; those beside the status are only known of one that is valid.</summary>
/// <param name="packed">Status in bits 0 and 1, bidirectional class in 2 to 4, joining in 5 to 7, mark in 8, combining class above.</param>
internal readonly struct CodePointTraits(int packed)
{
    public IdnaStatus Status => (IdnaStatus)(packed & 3);

    public BidiClass Bidi => (BidiClass)((packed >> 2) & 7);

    /// <summary>Joining type L or D: it joins what follows.</summary>
    public bool JoinsFollowing => (packed & (1 << 5)) != 0;

    /// <summary>Joining type R or D: it joins what precedes.</summary>
    public bool JoinsPreceding => (packed & (1 << 6)) != 0;

    /// <summary>Joining type T: as if it were not there.</summary>
    public bool IsTransparent => (packed & (1 << 7)) != 0;

    /// <summary>General category M.</summary>
    public bool IsMark => (packed & (1 << 8)) != 0;

    /// <summary>Canonical combining class.</summary>
    public int CombiningClass => packed >> 9;
}
